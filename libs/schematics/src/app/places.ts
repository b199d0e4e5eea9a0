import { SchematicsException } from '@angular-devkit/schematics';
import { applyEdits, modify } from 'jsonc-parser';

/** A service as the workspace lists it. */
export interface Service {
  readonly name: string;
  readonly port: number;
  /** The name as variables, databases and their users have it. */
  readonly variable: string;
}

const PORTS = /^EXPOSE (\d+)$/gm;

/** One more than the highest that a service has. */
export function nextPort(dockerfile: string): number {
  return Math.max(...portsIn(dockerfile)) + 1;
}

/** What is wrong with the port of a new service; `undefined`: nothing. */
export function portFault(dockerfile: string, port: number): string | undefined {
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return `${port} is no port: 1 to 65535`;
  return portsIn(dockerfile).includes(port) ? `port ${port} is taken by another service` : undefined;
}

/** The last project but for libraries and benchmarks, built as the other services are. */
export function addToNestCli(json: string, { name }: Service): string {
  const project = {
    type: 'application',
    root: `apps/${name}`,
    entryFile: 'main',
    sourceRoot: `apps/${name}/src`,
    compilerOptions: {
      tsConfigPath: `apps/${name}/tsconfig.app.json`,
      assets: [{ include: 'database/migrations/**/*', outDir: `dist/apps/${name}` }],
    },
  };
  const edits = modify(json, ['projects', name], project, {
    formattingOptions: { insertSpaces: true, tabSize: 2 },
    getInsertionIndex: (names) => names.findLastIndex((other) => isService(json, other)) + 1,
  });
  return applyEdits(json, edits);
}

/** A stage, so that `docker build --target <name>` makes its image. */
export function addToDockerfile(text: string, { name, port }: Service): string {
  return `${text.trimEnd()}

FROM runtime AS ${name}
ENV PORT=${port}
EXPOSE ${port}
COPY --from=packages /workspace/dist/apps/${name} ./
`;
}

/** The service, its database, the network between the two, and the volume. */
export function addToCompose(text: string, { name, port, variable }: Service): string {
  const secret = (suffix: string) =>
    `\${${variable.toUpperCase()}_DB_${suffix}:?docs/deploy.md shows how to make it}`;
  const at = `@${name}-db:5432/${variable}`;
  const services = `  ${name}:
    <<: *service
    build: { context: ., target: ${name} }
    ports: ['\${PUBLISH_ON:-127.0.0.1}:${port}:${port}']
    networks: [auth, ${name}-db]
    depends_on:
      ${name}-db: { condition: service_healthy }
    env_file:
      - { path: settings.env, required: false }
      - { path: ${name}.env, required: false }
    environment:
      <<: *guarded
      DATABASE_URL: postgres://${variable}_service:${secret('SERVICE_PASSWORD')}${at}
      DATABASE_MIGRATION_URL: postgres://${variable}:${secret('PASSWORD')}${at}

  ${name}-db:
    <<: *database
    networks: [${name}-db]
    environment:
      POSTGRES_USER: ${variable}
      POSTGRES_DB: ${variable}
      POSTGRES_PASSWORD: ${secret('PASSWORD')}
    volumes: ['${name}-data:/var/lib/postgresql']
`;
  const sections = /^(.*\nservices:\n.*)\nnetworks:\n(.*)\nvolumes:\n(.*)$/s.exec(text);
  if (!sections)
    throw new SchematicsException('docker-compose.yml needs services, networks and volumes, in this order');
  const [, before, networks, volumes] = sections;
  return `${before}
${services}
networks:
${networks}  ${name}-db: { internal: true }

volumes:
${volumes}  ${name}-data:
`;
}

function portsIn(dockerfile: string): number[] {
  return Array.from(dockerfile.matchAll(PORTS), ([, port]) => Number(port));
}

function isService(json: string, name: string): boolean {
  const { projects } = JSON.parse(json) as { projects: Record<string, { type: string; root: string }> };
  return projects[name]?.type === 'application' && projects[name].root.startsWith('apps/');
}
