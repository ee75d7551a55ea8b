Gem::Specification.new do |spec|
  spec.name = "fastsum"
  spec.version = "0.1.0"
  spec.summary = "Adds numbers in C"
  spec.authors = ["Sum Team"]
  spec.files = Dir["lib/**/*.rb", "ext/**/*.{c,rb}"]
  spec.extensions = ["ext/fastsum/extconf.rb"]
end
