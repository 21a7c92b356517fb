// A server of mail of the Node world: STARTTLS is required, and so is a user by LOGIN. Prints its port, and then each letter as a
// line of JSON.

import { readFileSync } from "node:fs";

import { SMTPServer } from "smtp-server";

const [key, cert] = process.argv.slice(2).map((path) => readFileSync(path));

const server = new SMTPServer({
  key,
  cert,
  authMethods: ["LOGIN"],
  onAuth({ username, password }, session, done) {
    if (username !== "me" || password !== "p@ss/w:rd") return done(new Error("no"));
    done(null, { user: username });
  },
  onData(stream, session, done) {
    const parts = [];
    stream.on("data", (part) => parts.push(part));
    stream.on("end", () => {
      const { mailFrom, rcptTo } = session.envelope;
      const raw = Buffer.concat(parts).toString("base64");
      const letter = { from: mailFrom.address, to: rcptTo.map((it) => it.address), secure: session.secure, user: session.user, raw };
      process.stdout.write(`${JSON.stringify(letter)}\n`, () => done());
    });
  },
});
server.on("error", () => {});
server.listen(0, "127.0.0.1", () => console.log(server.server.address().port));
