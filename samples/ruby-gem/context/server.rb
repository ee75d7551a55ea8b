# Adds the numbers of each line.
require "fastsum"
require "socket"

trap("TERM") { exit }
server = TCPServer.new(7040)
loop do
  peer = server.accept
  while (line = peer.gets)
    peer.puts Fastsum.add(line.split.map(&:to_i))
  end
  peer.close
end
