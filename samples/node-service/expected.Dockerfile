FROM node:20 AS builder

# Create app directory
WORKDIR /usr/src/app

# Install app dependencies
COPY package*.json ./
RUN npm ci

# Bundle app source
COPY . .
RUN npm run build

FROM node:20-slim

# Create app directory
WORKDIR /usr/src/app
# Built in the builder stage
COPY --from=builder /usr/src/app /usr/src/app

ENV NODE_ENV=production
USER node
EXPOSE 3000
CMD [ "node", "dist/server.js" ]
