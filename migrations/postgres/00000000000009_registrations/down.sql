DROP TABLE registration_facts;
DROP TABLE registrations;
