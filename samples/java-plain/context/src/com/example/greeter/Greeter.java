package com.example.greeter;

import com.sun.net.httpserver.HttpServer;
import java.io.FileReader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.text.MessageFormat;
import java.util.Properties;

/** Greets whoever is named in the path, with the words of messages.properties. */
public final class Greeter {
    public static void main(String[] arguments) throws IOException {
        Properties messages = new Properties();
        try (FileReader reader = new FileReader("messages.properties", StandardCharsets.UTF_8)) {
            messages.load(reader);
        }
        HttpServer server = HttpServer.create(new InetSocketAddress(8083), 0);
        server.createContext("/", exchange -> {
            String name = exchange.getRequestURI().getPath().substring(1);
            byte[] body = (MessageFormat.format(messages.getProperty("greeting"), name) + "\n").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
    }
}
