// Bundles the front end into dist/ and writes the page around it.
const { buildSync } = require("esbuild");
const { readFileSync, writeFileSync } = require("fs");

buildSync({
  entryPoints: ["src/main.jsx"],
  bundle: true,
  minify: true,
  jsxFactory: "h",
  outfile: "dist/app.js",
});
const page = readFileSync("src/index.html", "utf8");
writeFileSync("dist/index.html", page.replace("%TITLE%", process.env.SITE_TITLE));
