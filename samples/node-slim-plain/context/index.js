const http = require("http");
const ms = require("ms");

process.on("SIGTERM", () => process.exit(0));
http.createServer((request, response) => response.end(`${ms("2 days")}\n`)).listen(3000);
