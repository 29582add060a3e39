"""The favorite-song conversation as a user of Flask would write it.

Flask, gunicorn, mysql-connector-python with its C extension and a pool, and
the official SDK, which checks the signature and writes the TwiML. A turn is one
transaction: the session is locked, the message id kept, the session written.
"""

import os

from flask import Flask, Response, abort, request
from mysql.connector import HAVE_CEXT, IntegrityError
from mysql.connector.pooling import MySQLConnectionPool
from twilio.request_validator import RequestValidator
from twilio.twiml.messaging_response import MessagingResponse

if not HAVE_CEXT:
    raise SystemExit("mysql-connector-python was installed without its C extension")

app = Flask(__name__)
validator = RequestValidator(os.environ["TWILIO_AUTH_TOKEN"])
url = os.environ["PUBLIC_URL"] + "/webhooks/twilio"
pool = MySQLConnectionPool(
    pool_size=int(os.environ["THREADS"]),
    pool_reset_session=False,
    use_pure=False,
    host=os.environ["DB_HOST"],
    port=int(os.environ["DB_PORT"]),
    user=os.environ["DB_USER"],
    password=os.environ["DB_PASSWORD"],
    database=os.environ["DB_NAME"],
    charset="utf8mb4",
    collation="utf8mb4_unicode_ci",
    # Locking reads of rows that are not there yet must not block each other.
    init_command="SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",
)


def step(state, name, text):
    """The next state, name and song, and the reply."""
    if state == "WAITING_FOR_NAME":
        return "WAITING_FOR_SONG", text, None, f"Hello {text}, what is your favorite song?"
    if state == "WAITING_FOR_SONG":
        return "COMPLETED", name, text, f"Playing {text}"
    if text.lower() == "hello":
        return "WAITING_FOR_NAME", None, None, "What is your name?"
    return state, name, None, "Say hello to begin."


def take_turn(cursor, message_id, number, text):
    cursor.execute(
        "SELECT conversation_state, user_name FROM user_sessions WHERE phone_number = %s FOR UPDATE",
        (number,),
    )
    session = cursor.fetchone()
    state, name, song, reply = step(*(session or ("INITIAL", None)), text)
    cursor.execute(
        "INSERT INTO messages (message_id, phone_number, body, reply) VALUES (%s, %s, %s, %s)",
        (message_id, number, text, reply),
    )
    if session:
        cursor.execute(
            "UPDATE user_sessions SET conversation_state = %s, user_name = %s, favorite_song = %s"
            " WHERE phone_number = %s",
            (state, name, song, number),
        )
    else:
        cursor.execute(
            "INSERT INTO user_sessions (conversation_state, user_name, favorite_song, phone_number)"
            " VALUES (%s, %s, %s, %s)",
            (state, name, song, number),
        )
    return reply


def answer(message_id, number, text):
    connection = pool.get_connection()
    try:
        cursor = connection.cursor()
        try:
            reply = take_turn(cursor, message_id, number, text)
            connection.commit()
            return reply
        except IntegrityError:
            # Taken before: the reply it got then. Otherwise another's first message won.
            connection.rollback()
            cursor.execute("SELECT reply FROM messages WHERE message_id = %s", (message_id,))
            recorded = cursor.fetchone()
            connection.rollback()
            if recorded is None:
                raise
            return recorded[0]
        except Exception:
            connection.rollback()
            raise
        finally:
            cursor.close()
    finally:
        connection.close()


@app.post("/webhooks/twilio")
def webhook():
    if not validator.validate(url, request.form, request.headers.get("X-Twilio-Signature", "")):
        abort(403)
    form = request.form
    twiml = MessagingResponse()
    twiml.message(answer(form["MessageSid"], form["From"], form["Body"].strip()))
    return Response(str(twiml), content_type="text/xml; charset=utf-8")
