DROP TABLE calendar_tokens;
DROP TABLE sign_in_failures;
DROP TABLE sessions;
DROP TABLE devices;
DROP TABLE user_campuses;
DROP TABLE users;
