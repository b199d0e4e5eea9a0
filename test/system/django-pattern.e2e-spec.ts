import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { deploy, signUp, undeploy, type Deployment } from '../support/deployment.js';
import { request } from '../support/http.js';
import { pythonWith } from '../support/python.js';

const PYTHON = pythonWith('jwt, django', 'python3-jwt, python3-django');

/** The pattern that this project began as: two Django projects, one secret, `sub`, `iat` and `exp`. */
(PYTHON ? describe : describe.skip)('profile bare, as the Django pattern issues and expects', () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy({ JWT_PROFILE: 'bare' });
  });
  afterAll(() => undeploy(deployment));

  it('issues what an unmodified PyJWT accepts, with sub, iat and exp alone', async () => {
    const token = await signUp(deployment, 'ada@example.com');
    const me = await request('GET', `${deployment.auth.url}/auth/me`, { token });
    const claims = python(`jwt.decode(argv[0], argv[1], algorithms=["HS256"])`, token, deployment.secret);
    expect(claims).toEqual({ sub: me.body['user_id'], iat: expect.any(Number), exp: expect.any(Number) });
    expect(Number(claims['exp']) - Number(claims['iat'])).toBe(300);
  });

  it('accepts what PyJWT issues', async () => {
    const token = pyToken({ lifetime: 300 });
    const dashboard = await request('GET', `${deployment.business.url}/dashboard`, { token });
    expect([dashboard.status, dashboard.body]).toEqual([
      200,
      { message: 'Access granted', user_id: '42', tasks: { open: 0, done: 0 } },
    ]);
  });

  it.each([
    ['Token expired', () => pyToken({ lifetime: -60 })],
    ['Invalid token', () => pyToken({ lifetime: 300, secret: 'another secret of thirty-two bytes' })],
    ['Unauthorized', () => undefined],
  ])('answers 401 with the detail %s', async (detail, makeToken) => {
    const answer = await request('GET', `${deployment.business.url}/dashboard`, { token: makeToken() });
    expect([answer.status, answer.body['detail']]).toEqual([401, detail]);
  });

  it('reads the answers in Django: its JsonResponse and ours say the same', async () => {
    const unauthorized = await request('GET', `${deployment.business.url}/dashboard`);
    const django = python(
      `(__import__("django.conf").conf.settings.configure(), ` +
        `json.loads(__import__("django.http").http.JsonResponse({"detail": "Unauthorized"}, status=401).content))[1]`,
    );
    expect(unauthorized.body).toMatchObject(django);
  });

  function pyToken({ lifetime, secret = deployment.secret }: { lifetime: number; secret?: string }): string {
    const expression =
      `(lambda now: {"token": jwt.encode({"sub": "42", "iat": now - 600, "exp": now + int(argv[1])}, argv[0], ` +
      `algorithm="HS256")})(int(time.time()))`;
    return String(python(expression, secret, String(lifetime))['token']);
  }
});

/** The JSON object that a Python expression evaluates to. */
function python(expression: string, ...argv: string[]): Record<string, unknown> {
  const program = `import sys, json, time, jwt\nargv = sys.argv[1:]\nprint(json.dumps(${expression}))`;
  const printed = runPython(PYTHON ?? 'python3', program, ...argv);
  if (printed === undefined) throw new Error(`Python failed on: ${expression}`);
  return JSON.parse(printed) as Record<string, unknown>;
}

function runPython(executable: string, program: string, ...argv: string[]): string | undefined {
  const { status, stdout } = spawnSync(executable, ['-c', program, ...argv], { encoding: 'utf8' });
  return status === 0 ? stdout : undefined;
}
