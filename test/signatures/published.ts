import type { Request } from './verified.ts';

/* What the providers publish as examples, with the page that has each. */

/** https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation */
export const github: Request = {
  scheme: 'github',
  headers: {
    'x-hub-signature-256': 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
  },
  body: 'Hello, World!',
  secrets: ["It's a Secret to Everybody"],
};

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/javascript/src/webhook.test.ts */
export const standard: Request = {
  scheme: 'standard',
  headers: {
    'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
    'webhook-timestamp': '1614265330',
    'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  },
  body: '{"test": 2432232314}',
  secrets: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
  now: 1_614_265_330,
};

/**
 * The public key is that of the private one in
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/libraries/go/webhook_asymmetric_test.go
 */
export const ed25519: Request = {
  ...standard,
  headers: {
    ...standard.headers,
    'webhook-signature':
      'v1a,tQ9V2XOqn7jL/DQenEFpqIugdBVtiMmER5mhSkXBNwM0mkATuDe6KYYUuxqtaiHeYGb7KaaBRdM5WqyeFiL8Ag==',
  },
  secrets: ['whpk_ZlN4eg7dSSqi0moX9hQUk3orrOouK3QVQSlJa248c/g='],
};

/** https://docs.slack.dev/authentication/verifying-requests-from-slack/ */
export const slack: Request = {
  scheme: 'slack',
  headers: {
    'x-slack-signature': 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    'x-slack-request-timestamp': '1531420618',
  },
  body:
    'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar' +
    '&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com' +
    '%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  secrets: ['8f742231b10e8888abcd99yyyzzz85a5'],
  now: 1_531_420_618,
};

/** https://www.twilio.com/docs/usage/security#test-the-validity-of-your-webhook-signature */
export const twilio: Request = {
  scheme: 'twilio',
  headers: {
    host: 'mycompany.com',
    'content-type': 'application/x-www-form-urlencoded',
    'x-twilio-signature': 'GvWf1cFY/Q7PnoempGyD5oXAezc=',
  },
  url: '/myapp.php?foo=1&bar=2',
  body: 'To=%2B18005551212&Digits=1234&From=%2B14158675310&CallSid=CA1234567890ABCDE&Caller=%2B14158675310',
  secrets: ['12345'],
};

/** The same page's request with a JSON body; https://github.com/twilio/twilio-node/blob/main/spec/unit/webhooks.spec.ts */
export const twilioJson: Request = {
  ...twilio,
  headers: {
    host: 'mycompany.com',
    'content-type': 'application/json',
    'x-twilio-signature': 'a9nBmqA0ju/hNViExpshrM61xv4=',
  },
  url: '/myapp.php?foo=1&bar=2&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620',
  body: '{"property": "value", "boolean": true}',
};
