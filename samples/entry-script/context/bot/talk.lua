return { greeting = function(name) return name .. " is here" end }
