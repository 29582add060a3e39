-- Under which key a person is kept of whom WhatsApp tells an id, beside a number
-- or without one. Only such people have rows here.
--
-- external_id   the id as WhatsApp tells it, such as whatsapp:US.13491208655302741918
-- phone_number  the key of their session: their number once it is known, else an id
CREATE TABLE IF NOT EXISTS sender_ids (
    external_id TEXT NOT NULL PRIMARY KEY,
    phone_number TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS sender_ids_phone_number ON sender_ids (phone_number);
