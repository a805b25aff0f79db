import { github } from './github.ts';
import { hmac } from './hmac.ts';
import type { SignatureScheme } from './scheme.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { standard } from './standard.ts';
import { stripe } from './stripe.ts';
import { twilio } from './twilio.ts';

/** Every scheme behind `signed by`, by name. */
export const signatureSchemes: ReadonlyMap<string, SignatureScheme> = new Map(
  [standard, github, stripe, slack, shopify, twilio, hmac].map((scheme) => [scheme.name, scheme]),
);
