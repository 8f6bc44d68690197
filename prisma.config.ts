import { defineConfig } from 'prisma/config';

// Prisma 7 wants to download its schema engine even to generate the client; any existing file keeps it offline.
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({ schema: 'prisma/schema.prisma' });
