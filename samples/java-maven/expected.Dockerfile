FROM maven:3.9-eclipse-temurin-17 AS builder

WORKDIR /usr/src/app

COPY pom.xml .
RUN mvn -B dependency:go-offline

COPY src ./src
RUN mvn -B package -DskipTests && cp target/orders-1.0.0.jar /orders.jar

FROM eclipse-temurin:17-jre

WORKDIR /usr/src/app
# Built in the builder stage
COPY --from=builder /orders.jar /orders.jar

ENV SPRING_PROFILES_ACTIVE=production
EXPOSE 8080
ENTRYPOINT ["java", "-Djava.security.egd=file:/dev/./urandom", "-jar", "/orders.jar"]
