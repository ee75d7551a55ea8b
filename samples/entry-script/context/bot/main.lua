-- Writes its name into the spool folder, says so, and waits.
local talk = dofile("/srv/bot/talk.lua")
local name, spool = arg[1], arg[2]
local file = assert(io.open(spool .. "/name", "w"))
file:write(name, "\n")
file:close()
print(talk.greeting(name))
io.stdout:flush()
while true do os.execute("sleep 1") end
