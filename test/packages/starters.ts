import { blockOf, TESTING } from './docs.js';

/** What `nest new` makes, but for lint and format, and with a gateway and a microservice. */
export interface Starter {
  readonly title: string;
  readonly manifest: Readonly<Record<string, unknown>>;
  readonly files: Readonly<Record<string, string>>;
  /** How relative imports of the README end. */
  readonly extension: '' | '.js';
  /** Environment of its tests, as the README says. */
  readonly testEnvironment: Readonly<Record<string, string>>;
}

const TSCONFIG = {
  module: 'nodenext',
  moduleResolution: 'nodenext',
  esModuleInterop: true,
  isolatedModules: true,
  emitDecoratorMetadata: true,
  experimentalDecorators: true,
  target: 'ES2023',
  outDir: './dist',
  rootDir: './src',
  strict: true,
  skipLibCheck: true,
  strictPropertyInitialization: false,
};

const MESSAGES = `
import { Controller, Module } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import { Public } from '@signet/jwt-shared';
import { AppModule } from './app.module.js';

@WebSocketGateway()
class MessagesGateway {
  @SubscribeMessage('closed')
  closed() {
    return { event: 'closed', data: 'secret' };
  }

  @Public()
  @SubscribeMessage('open')
  open() {
    return { event: 'open', data: 'open' };
  }
}

@Controller()
class MessagesController {
  @MessagePattern('closed')
  closed() {
    return 'secret';
  }

  @Public()
  @MessagePattern('open')
  open() {
    return 'open';
  }
}

@Module({ imports: [AppModule], controllers: [MessagesController], providers: [MessagesGateway] })
export class MessagesModule {}
`;

const main = (adapterImport: string, adapter: string) => `
import { NestFactory } from '@nestjs/core';
import { Transport } from '@nestjs/microservices';
import { WsAdapter } from '@nestjs/platform-ws';
${adapterImport}
import { MessagesModule } from './messages.module.js';

async function bootstrap() {
  const app = await NestFactory.create(MessagesModule${adapter});
  app.useWebSocketAdapter(new WsAdapter(app));
  const options = { host: '127.0.0.1', port: Number(process.env.RPC_PORT) };
  app.connectMicroservice({ transport: Transport.TCP, options });
  await app.startAllMicroservices();
  await app.listen(process.env.PORT ?? 3000, '127.0.0.1');
  console.log('listening on ' + (await app.getUrl()));
}
void bootstrap();
`;

const dependencies = (version: string, platform: string) => ({
  '@nestjs/common': version,
  '@nestjs/core': version,
  '@nestjs/microservices': version,
  [`@nestjs/platform-${platform}`]: version,
  '@nestjs/platform-ws': version,
  '@nestjs/websockets': version,
  'reflect-metadata': '^0.2.2',
  rxjs: '^7.8.1',
  ws: '^8.18.0',
});

export const NEST_11: Starter = {
  title: 'NestJS 11, CommonJS, Express, Jest',
  manifest: {
    name: 'nest-11',
    private: true,
    scripts: { build: 'nest build', start: 'node dist/main', test: 'jest' },
    dependencies: dependencies('^11.0.1', 'express'),
    devDependencies: {
      '@nestjs/cli': '^11.0.0',
      '@nestjs/schematics': '^11.0.0',
      '@nestjs/testing': '^11.0.1',
      '@types/jest': '^30.0.0',
      '@types/node': '^24.0.0',
      jest: '^30.0.0',
      'ts-jest': '^29.2.5',
      typescript: '^5.7.3',
    },
    jest: {
      moduleFileExtensions: ['js', 'json', 'ts'],
      rootDir: 'src',
      testRegex: String.raw`.*\.spec\.ts$`,
      transform: { [String.raw`^.+\.(t|j)s$`]: 'ts-jest' },
      testEnvironment: 'node',
    },
  },
  files: {
    'nest-cli.json': '{ "sourceRoot": "src" }',
    'tsconfig.json': JSON.stringify({ compilerOptions: TSCONFIG }),
    'tsconfig.build.json': JSON.stringify({ extends: './tsconfig.json', exclude: ['dist', '**/*.spec.ts'] }),
    'src/main.ts': main('', ''),
    'src/messages.module.ts': MESSAGES,
  },
  extension: '',
  testEnvironment: { NODE_OPTIONS: '--experimental-vm-modules' },
};

/** The other way that the docs have for Jest, which needs nothing of Node. */
export const NEST_11_TRANSFORMED: Starter = {
  ...NEST_11,
  title: `${NEST_11.title} that compiles ES modules`,
  manifest: {
    ...NEST_11.manifest,
    jest: {
      ...(NEST_11.manifest['jest'] as object),
      ...(JSON.parse(blockOf(TESTING, 'Jest')) as { jest: object }).jest,
    },
  },
  testEnvironment: {},
};

export const NEST_12: Starter = {
  title: 'NestJS 12, ES modules, Fastify, Vitest',
  manifest: {
    name: 'nest-12',
    private: true,
    type: 'module',
    scripts: { build: 'nest build', start: 'node dist/main', test: 'vitest run' },
    dependencies: dependencies('^12.0.1', 'fastify'),
    devDependencies: {
      '@nestjs/cli': '^12.0.0',
      '@nestjs/schematics': '^12.0.0',
      '@nestjs/testing': '^12.0.1',
      // Of the starter; the tests of the README need a server of any kind.
      '@nestjs/platform-express': '^12.0.1',
      '@types/node': '^24.0.0',
      typescript: '^6.0.2',
      'vite-tsconfig-paths': '^5.1.4',
      vitest: '^4.1.2',
    },
  },
  files: {
    'nest-cli.json': '{ "sourceRoot": "src" }',
    'tsconfig.json': JSON.stringify({ compilerOptions: { ...TSCONFIG, types: ['vitest/globals', 'node'] } }),
    'tsconfig.build.json': JSON.stringify({
      extends: './tsconfig.json',
      exclude: ['dist', '**/*.spec.ts', 'vitest.config.ts'],
    }),
    'vitest.config.ts': `
import { defineConfig } from 'vitest/config';
import tsconfigPaths from 'vite-tsconfig-paths';

export default defineConfig({
  plugins: [tsconfigPaths()],
  test: { globals: true, root: './', include: ['**/*.spec.ts'] },
});
`,
    'src/main.ts': main(
      "import { FastifyAdapter } from '@nestjs/platform-fastify';",
      ', new FastifyAdapter()',
    ),
    'src/messages.module.ts': MESSAGES,
  },
  extension: '.js',
  testEnvironment: {},
};
