FROM eclipse-temurin:17-jdk AS builder

WORKDIR /opt/greeter
COPY src src
COPY messages.properties MANIFEST.MF ./

RUN mkdir classes \
  && javac -d classes $(find src -name '*.java') \
  && jar cfm greeter.jar MANIFEST.MF -C classes .

FROM eclipse-temurin:17-jre

WORKDIR /opt/greeter
COPY messages.properties MANIFEST.MF ./

# Built in the builder stage
COPY --from=builder /opt/greeter/greeter.jar /opt/greeter/greeter.jar

ENV JAVA_OPTS="-Xmx64m"
EXPOSE 8083
CMD java $JAVA_OPTS -jar greeter.jar
