FROM gradle:8.7-jdk17 AS builder

USER root
RUN apt-get update && apt-get install -y fontconfig

COPY --chown=gradle:gradle . /home/gradle/app
WORKDIR /home/gradle/app
RUN gradle bootJar --no-daemon

FROM gradle:8.7-jdk17

USER root
RUN apt-get update && apt-get install -y fontconfig && rm -rf /var/lib/apt/lists/*
WORKDIR /home/gradle/app
# Built in the builder stage
COPY --from=builder /home/gradle/app/build/libs/invoices.jar /home/gradle/app/build/libs/invoices.jar

EXPOSE 9000
CMD ["java", "-jar", "build/libs/invoices.jar", "--server.port=9000"]
