DROP TABLE passes;
DROP TABLE participant_ids;
DROP TABLE participants;
