require "pg"
require "sinatra"

get("/") { "libpq #{PG.library_version / 10_000}\n" }

run Sinatra::Application
