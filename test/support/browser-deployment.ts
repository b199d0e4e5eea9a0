import { freePort } from '@signet/dev-postgres';
import type { Browser } from 'playwright-core';
import { launch } from './browser.js';
import { deploy, undeploy, type Deployment } from './deployment.js';
import { FrontEnd } from './front-end.js';
import { Mailbox } from './mailbox.js';
import type { Environment } from './service.js';

/** Both services, an application on an origin of its own, a mailbox and a browser. */
export class BrowserDeployment {
  private constructor(
    readonly browser: Browser,
    readonly deployment: Deployment,
    /** An application that both services allow. */
    readonly app: FrontEnd,
    /** A page that neither allows. */
    readonly evil: FrontEnd,
    readonly mailbox: Mailbox,
    /** Where people reach auth. */
    readonly auth: string,
    readonly business: string,
  ) {}

  static async start(chromium: string, environment: Environment = {}): Promise<BrowserDeployment> {
    const [browser, app, evil, mailbox, port] = await Promise.all([
      launch(chromium),
      FrontEnd.open(),
      FrontEnd.open(),
      Mailbox.open(),
      freePort(),
    ]);
    const auth = `http://localhost:${port}`;
    const shared = { CORS_ORIGINS: app.origin, ...environment };
    const ofAuth = {
      ...mailbox.environment,
      EMAIL_VERIFICATION: 'required',
      PUBLIC_URL: auth,
      PORT: String(port),
    };
    const deployment = await deploy(shared, ofAuth);
    const business = `http://localhost:${new URL(deployment.business.url).port}`;
    Object.assign(app.backends, { auth, business });
    return new BrowserDeployment(browser, deployment, app, evil, mailbox, auth, business);
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await undeploy(this.deployment);
    await Promise.all([this.app.close(), this.evil.close(), this.mailbox.close()]);
  }
}
