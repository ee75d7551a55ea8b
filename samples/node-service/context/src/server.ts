import { createServer } from "http";
import { readFileSync } from "fs";
import { nanoid } from "nanoid";

const mime = require("mime-types");
const shelf: string[] = JSON.parse(readFileSync("data/books.json", "utf8"));

const server = createServer((request, response) => {
  if (request.url === "/books") {
    response.setHeader("Content-Type", mime.lookup("books.json"));
    response.end(JSON.stringify(shelf) + "\n");
  } else if (request.url === "/id") {
    response.end(`${nanoid().length}\n`);
  } else {
    response.statusCode = 404;
    response.end();
  }
});

process.on("SIGTERM", () => process.exit(0));
server.listen(3000);
