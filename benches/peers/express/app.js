// The favorite-song conversation as a user of Express would write it.
//
// Express, mysql2 with a pool, and the official SDK, which checks the signature
// and writes the TwiML. A turn is one transaction: the session is locked, the
// message id kept, the session written. One process for each core, as Express's
// own advice for production has it.

import cluster from 'node:cluster';
import express from 'express';
import mysql from 'mysql2/promise';
import twilio from 'twilio';

const { env } = process;
const workers = Number(env.WORKERS);

/** The next state, name and song, and the reply. */
function step(state, name, text) {
  if (state === 'WAITING_FOR_NAME') {
    return ['WAITING_FOR_SONG', text, null, `Hello ${text}, what is your favorite song?`];
  }
  if (state === 'WAITING_FOR_SONG') {
    return ['COMPLETED', name, text, `Playing ${text}`];
  }
  if (text.toLowerCase() === 'hello') {
    return ['WAITING_FOR_NAME', null, null, 'What is your name?'];
  }
  return [state, name, null, 'Say hello to begin.'];
}

async function takeTurn(connection, messageId, number, text) {
  const [[session]] = await connection.execute(
    'SELECT conversation_state, user_name FROM user_sessions WHERE phone_number = ? FOR UPDATE',
    [number],
  );
  const [state, name, song, reply] = step(
    session?.conversation_state ?? 'INITIAL',
    session?.user_name ?? null,
    text,
  );
  await connection.execute(
    'INSERT INTO messages (message_id, phone_number, body, reply) VALUES (?, ?, ?, ?)',
    [messageId, number, text, reply],
  );
  await connection.execute(
    session
      ? 'UPDATE user_sessions SET conversation_state = ?, user_name = ?, favorite_song = ? WHERE phone_number = ?'
      : 'INSERT INTO user_sessions (conversation_state, user_name, favorite_song, phone_number) VALUES (?, ?, ?, ?)',
    [state, name, song, number],
  );
  return reply;
}

async function answer(pool, messageId, number, text) {
  const connection = await pool.getConnection();
  try {
    await connection.beginTransaction();
    const reply = await takeTurn(connection, messageId, number, text);
    await connection.commit();
    return reply;
  } catch (error) {
    await connection.rollback();
    if (error.code !== 'ER_DUP_ENTRY') throw error;
    // Taken before: the reply it got then. Otherwise another's first message won.
    const [[recorded]] = await connection.execute(
      'SELECT reply FROM messages WHERE message_id = ?',
      [messageId],
    );
    if (!recorded) throw error;
    return recorded.reply;
  } finally {
    connection.release();
  }
}

function serve() {
  const pool = mysql.createPool({
    host: env.DB_HOST,
    port: Number(env.DB_PORT),
    user: env.DB_USER,
    password: env.DB_PASSWORD,
    database: env.DB_NAME,
    connectionLimit: Number(env.POOL),
  });
  // Locking reads of rows that are not there yet must not block each other.
  pool.pool.on('connection', (connection) =>
    connection.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED'),
  );

  const app = express();
  app.use(express.urlencoded({ extended: false }));
  app.post(
    '/webhooks/twilio',
    twilio.webhook(env.TWILIO_AUTH_TOKEN, { url: `${env.PUBLIC_URL}/webhooks/twilio` }),
    async (request, response) => {
      const { MessageSid, From, Body } = request.body;
      const twiml = new twilio.twiml.MessagingResponse();
      twiml.message(await answer(pool, MessageSid, From, Body.trim()));
      response.type('text/xml').send(twiml.toString());
    },
  );
  app.listen(Number(env.PORT), '127.0.0.1');
}

if (workers > 1 && cluster.isPrimary) {
  for (let worker = 0; worker < workers; worker += 1) cluster.fork();
  process.on('SIGTERM', () => process.exit(0));
} else {
  serve();
}
