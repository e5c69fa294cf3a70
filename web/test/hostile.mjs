// Objects that throw while they are read, or never end.

const throwing = () => {
  throw new Error('hostile');
};

/** Names and objects that have no JSON form. */
export function hostile() {
  const circle = {};
  circle.circle = circle;
  const proxy = new Proxy({}, { get: throwing, has: throwing, ownKeys: throwing, getPrototypeOf: throwing });
  return [
    ['a circle', circle],
    ['a circle through a list', { policy: [circle] }],
    [
      'a getter that throws',
      {
        get seed() {
          return throwing();
        },
      },
    ],
    [
      'a getter that throws below',
      {
        household: {
          get cash() {
            return throwing();
          },
        },
      },
    ],
    ['toJSON that throws', { toJSON: throwing }],
    ['a proxy that throws', proxy],
    ['a proxy that throws below', { tax: proxy }],
    ['a proxy that was revoked', revoked()],
    ['BigInt below', { household: { cash: 5n } }],
  ];
}

function revoked() {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
