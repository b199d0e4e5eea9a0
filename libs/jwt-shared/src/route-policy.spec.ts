import { describe, expect, it } from '@jest/globals';
import type { ExecutionContext } from '@nestjs/common';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { Test } from '@nestjs/testing';
import passport from 'passport';
import { AuthenticationProblem } from './errors/authentication.problem.js';
import { AllowClients } from './decorators/allow-clients.decorator.js';
import { Fresh } from './decorators/fresh.decorator.js';
import { Public } from './decorators/public.decorator.js';
import { RecentLogin } from './decorators/recent-login.decorator.js';
import { Roles } from './decorators/roles.decorator.js';
import { Scopes } from './decorators/scopes.decorator.js';
import { JwtAuthGuard } from './jwt-auth.guard.js';
import { JwtSharedModule } from './jwt-shared.module.js';
import { JwtStrategy } from './jwt.strategy.js';
import { policyOf } from './route-policy.js';
import { FakeIssuer } from './testing/index.js';
import { AccessTokenVerifier } from './access-token.verifier.js';

class Plain {
  none() {}
  @Public()
  open() {}
  @Public()
  @Scopes('a')
  contradiction() {}
}

@Public()
class Open {
  none() {}
  @Scopes('a')
  scoped() {}
  @Roles('r')
  roled() {}
}

@Public()
@Scopes('c')
class Contradiction {
  none() {}
  @Public()
  open() {}
}

@Scopes('c', 'b')
@Roles('r', 's')
class Demanding {
  none() {}
  @Scopes('a', 'b')
  @Roles('t')
  more() {}
}

@Public()
class OpenBase {
  inherited() {}
}
class ExtendsOpen extends OpenBase {
  more() {}
}

@Roles('admin')
@Scopes('a')
class AdminBase {
  inherited() {}
  @RecentLogin(900)
  @Roles('owner')
  overridden() {}
}
@Roles('user')
@RecentLogin(3600)
class ExtendsAdmin extends AdminBase {
  more() {}
  override overridden() {}
}
@Public()
class OpensAdmin extends AdminBase {
  more() {}
  @Public()
  said() {}
}

@AllowClients()
@RecentLogin(60)
class ForClients {
  none() {}
  @AllowClients('reports')
  @RecentLogin(600)
  one() {}
}
class ExtendsForClients extends ForClients {
  more() {}
}

@Public()
class OpenToday {
  @RecentLogin(60)
  recent() {}
  @AllowClients('reports')
  internal() {}
  @Fresh()
  transfer() {}
  @Public()
  @AllowClients()
  said() {}
}
@Public()
@AllowClients('reports')
class OpenToReports {
  none() {}
}
class ExtendsOpenToday extends OpenToday {
  override internal() {}
}
@Public()
class OpensAgain extends OpenToday {
  override internal() {}
}

type Owner = new () => object;
const contextOf = (
  owner: Owner | null,
  handler: string,
  type = 'http',
  args: unknown[] = [{}, {}],
): ExecutionContext => {
  const method = owner && (owner.prototype as Record<string, () => void>)[handler];
  const context = new ExecutionContextHost(args, owner as never, method);
  context.setType(type);
  return context;
};

describe('what the decorators ask', () => {
  it.each<[Owner, string, object]>([
    [Plain, 'none', { isPublic: false, scopes: [], roles: [] }],
    [Plain, 'open', { isPublic: true }],
    [Plain, 'contradiction', { isPublic: false, scopes: ['a'] }],
    [Open, 'none', { isPublic: true }],
    [Open, 'scoped', { isPublic: false, scopes: ['a'] }],
    [Open, 'roled', { isPublic: false, roles: [['r']] }],
    [Contradiction, 'none', { isPublic: false, scopes: ['c'] }],
    [Contradiction, 'open', { isPublic: true }],
    [Demanding, 'none', { isPublic: false, scopes: ['c', 'b'], roles: [['r', 's']] }],
    [ForClients, 'none', { clients: [], recentLogin: 60 }],
    [ForClients, 'one', { clients: ['reports'], recentLogin: 60 }],
    [OpenToday, 'recent', { isPublic: false, recentLogin: 60 }],
    [OpenToday, 'internal', { isPublic: false, clients: ['reports'] }],
    [OpenToday, 'transfer', { isPublic: false, isFresh: true }],
    [OpenToday, 'said', { isPublic: false, clients: [] }],
    [OpenToReports, 'none', { isPublic: false, clients: ['reports'] }],
    [OpensAgain, 'internal', { isPublic: false, clients: undefined }],
    [ExtendsOpenToday, 'internal', { isPublic: false, clients: undefined }],
    [Demanding, 'more', { isPublic: false, scopes: ['a', 'b', 'c'], roles: [['t'], ['r', 's']] }],
  ])('%p.%s: %j', (owner, handler, expected) => {
    expect(policyOf(contextOf(owner, handler))).toMatchObject(expected);
    expect(policyOf(contextOf(owner, handler))).toBe(policyOf(contextOf(owner, handler)));
  });

  it.each<[string, Owner, string, object]>([
    ['a public class opens no route of one that extends it', ExtendsOpen, 'more', { isPublic: false }],
    ['nor its own there', ExtendsOpen, 'inherited', { isPublic: false }],
    ['and its own here', OpenBase, 'inherited', { isPublic: true }],
    [
      'a class adds to what the class demands that it extends',
      ExtendsAdmin,
      'more',
      { roles: [['user'], ['admin']], scopes: ['a'], recentLogin: 3600 },
    ],
    ['for inherited routes too', ExtendsAdmin, 'inherited', { roles: [['user'], ['admin']] }],
    [
      'an overriding handler drops no demand of the one that it overrides',
      ExtendsAdmin,
      'overridden',
      { roles: [['owner'], ['user'], ['admin']], recentLogin: 900 },
    ],
    ['a public class opens nothing that its base demands for', OpensAdmin, 'more', { isPublic: false }],
    ['but a public handler is public', OpensAdmin, 'said', { isPublic: true }],
    ['a class lets no clients into one that extends it', ExtendsForClients, 'more', { clients: undefined }],
  ])('by inheritance: %s', (_, owner, handler, expected) => {
    expect(policyOf(contextOf(owner, handler))).toMatchObject(expected);
  });

  it('is a number of seconds for a login, and a name for a client', () => {
    for (const seconds of [0, -1, 1.5, Number.NaN, Infinity])
      expect(() => RecentLogin(seconds)).toThrow(TypeError);
    expect(() => AllowClients('')).toThrow(TypeError);
  });

  it('is everything where there is no handler to ask', () => {
    expect(policyOf(contextOf(null, 'none'))).toMatchObject({ isPublic: false });
  });

  it.each(['', 'two words', 'quo"te', 'back\\slash', 'ünicode', 'line\nfeed'])(
    'is never a scope called %j',
    (scope) => {
      expect(() => Scopes(scope)).toThrow(TypeError);
    },
  );

  it('is never nothing', () => {
    expect(() => Reflect.apply(Scopes, undefined, [])).toThrow(TypeError);
    expect(() => Reflect.apply(Roles, undefined, [])).toThrow(TypeError);
  });
});

describe('the guard denies by default', () => {
  it.each<[string, unknown[]]>([
    ['carrier-pigeon', [{ headers: { authorization: 'Bearer x' } }, {}]],
    ['http', [undefined, { header: () => {} }]],
    ['http', [{}, { header: () => {} }]],
    ['graphql', [{}, {}, undefined]],
    ['graphql', [{}, {}, {}]],
  ])('in a context of type %j with %j', async (type, args) => {
    const issuer = await FakeIssuer.start();
    const module = await Test.createTestingModule({
      imports: [JwtSharedModule.forRootAsync({ useFactory: () => issuer.options() })],
    }).compile();
    const guard = module.get(JwtAuthGuard);
    const attempt = () => guard.canActivate(contextOf(Plain, 'none', type, args));
    expect(attempt).toThrow(AuthenticationProblem);
    expect(await Promise.resolve(guard.canActivate(contextOf(Plain, 'open', type, args)))).toBe(true);
    await issuer.stop();
  });
});

describe("Passport's strategy", () => {
  it('verifies nothing by itself, should our verifier ever be bypassed', async () => {
    const issuer = await FakeIssuer.start();
    const verifier = new AccessTokenVerifier(
      issuer.verifierOptions(),
      issuer.keySource(),
      issuer.revocations,
    );
    const strategy = new JwtStrategy(verifier);
    const bypass = Object.getPrototypeOf(JwtStrategy.prototype) as Pick<JwtStrategy, 'authenticate'>;
    const outcome = await new Promise((resolve) => {
      const actions = {
        success: () => resolve('success'),
        fail: () => resolve('fail'),
        error: () => resolve('error'),
      };
      const request = { rawHeaders: ['Authorization', `Bearer ${issuer.token()}`] };
      bypass.authenticate.call(Object.assign(Object.create(strategy), actions) as JwtStrategy, request);
    });
    expect(outcome).toBe('fail');
    expect(() => strategy.validate()).toThrow(Error);
    await issuer.stop();
  });

  it('serves AuthGuard("jwt") alone, with a request of its own', async () => {
    const issuer = await FakeIssuer.start();
    const strategy = new JwtStrategy(
      new AccessTokenVerifier(issuer.verifierOptions(), issuer.keySource(), issuer.revocations),
    );
    const ask = (token?: string) =>
      new Promise((resolve) => {
        const rawHeaders = token === undefined ? [] : ['authorization', `Bearer ${token}`];
        const done = (error: unknown, user?: { userId: string } | false) =>
          resolve(error ?? (user && user.userId));
        const middleware = passport.authenticate('jwt', { session: false }, done) as (
          ...args: unknown[]
        ) => void;
        middleware({ rawHeaders }, {}, () => {});
      });
    expect(strategy.name).toBe('jwt');
    await expect(ask(issuer.token({ sub: 'alice' }))).resolves.toBe('alice');
    await expect(ask('junk')).resolves.toBe(false);
    await expect(ask()).resolves.toBe(false);
    await issuer.stop();
  });
});
