-- WhatsApp's business-scoped ids have up to 140 characters and differ in case.
-- The service refuses to come here while a key holds anything but ASCII.
ALTER TABLE user_sessions
    MODIFY phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL;
