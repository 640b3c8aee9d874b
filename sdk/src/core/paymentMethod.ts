/** `ISettlementRouter.PaymentMethod`: the first word of an `authorization`. */
export const PAYMENT_METHOD = { Permit: 0, Authorization: 1, AuthorizationBytes: 2, Permit2: 3 } as const;
