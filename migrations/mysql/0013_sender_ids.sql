-- Under which key a person is kept of whom WhatsApp tells an id, beside a number
-- or without one. Only such people have rows here.
--
-- external_id   the id as WhatsApp tells it, such as whatsapp:US.13491208655302741918
-- phone_number  the key of their session: their number once it is known, else an id
CREATE TABLE IF NOT EXISTS sender_ids (
    external_id VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    phone_number VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    KEY sender_ids_phone_number (phone_number)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4;
