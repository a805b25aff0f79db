import type { CodeDescription } from '../../diagnostics/diagnostic.ts';

/** The findings of `signed by`: family 1xx. */

export const BAD_SIGNATURE: CodeDescription = {
  code: 'NOM115',
  severity: 'error',
  title: 'a signature scheme is unknown, or has the wrong arguments',
  explanation: `\`signed by scheme(SECRET)\` names how the sender signs its requests. In the parentheses stands a declared \`secret\`,
and behind it what the scheme takes besides. The schemes are \`standard\`, \`github\`, \`stripe\`, \`slack\`, \`shopify\`, \`twilio\` and
\`hmac(SECRET, "header", algorithm, encoding)\`. The value of a secret is never written into a file.

\`\`\`nom
secret STRIPE_WEBHOOK
entity Payment { signed by stripe("whsec_…")     … }     // wrong: the value does not belong in the file
entity Payment { signed by stripe(STRIPE_WEBHOOK) … }     // right
\`\`\``,
};
