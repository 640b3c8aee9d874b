// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Pays capsules: escrow of offers, exact 40/30/20/10 legs, claims of any number of beneficiaries.
/// @dev For every token: balance >= escrow + unclaimed + withdrawable, with equality unless somebody sent tokens
///      directly. Revenue belongs to a capsule, a shares version and a token. A version's earners are numbered as in
///      `ICapsuleRegistry.earnersOf`: 0 is the platform, here the Commons; 1 is the first share row.
interface ISettlementRouter {
    /// @notice The method of a payment: first word of an `authorization`.
    /// @dev An empty authorization takes the caller's allowance. Otherwise it is one of:
    ///      - ERC-2612, signed by the caller: `abi.encode(PaymentMethod.Permit, uint256 value, uint256 deadline, uint8
    ///        v, bytes32 r, bytes32 s)`; somebody else may have submitted the permit already
    ///      - ERC-3009 `ReceiveWithAuthorization`, signed by `from`: `abi.encode(PaymentMethod.Authorization,
    ///        address from, uint256 validAfter, uint256 validBefore, bytes32 salt, uint8 v, bytes32 r, bytes32 s)`. Its
    ///        nonce `keccak256(abi.encode(purpose, salt))` binds it to one purpose, so anyone may submit it
    ///      - the same with a signature of any length, for contract wallets: `bytes.concat(abi.encode(
    ///        PaymentMethod.AuthorizationBytes, address from, uint256 validAfter, uint256 validBefore, bytes32 salt),
    ///        signature)`
    ///      - Permit2 `PermitWitnessTransferFrom` of exactly the amount to the router, signed by `owner`, by key or
    ///        ERC-1271: `bytes.concat(abi.encode(PaymentMethod.Permit2, address owner, uint256 nonce, uint256
    ///        deadline), signature)`. Its witness, of type `bytes32 purpose`, binds it to one purpose
    ///      Everything else reverts with `AuthorizationMalformed`; errors of the token and of Permit2 are passed on.
    enum PaymentMethod {
        Permit,
        Authorization,
        AuthorizationBytes,
        Permit2
    }

    /// @notice The escrow of an offer's licenses.
    /// @param balance base units prepaid and neither released, refunded nor swept
    /// @param carry remainder of all releases, millionths of a base unit
    /// @param openUnits units prepaid by licenses that are not closed, used ones included
    struct Escrow {
        uint120 balance;
        uint24 carry;
        uint112 openUnits;
    }

    /// @notice The cumulative revenue of a capsule's shares version in one token.
    /// @dev 2^120 base units are 10^18 tokens of 18 decimals; payments above revert.
    /// @param total payments, before the split
    /// @param computeAccrued compute legs of direct payments, and compute revenue passed on by other capsules
    /// @param inbound whether other capsules passed on data or model revenue
    /// @param inboundData passed on by data rows of other capsules
    /// @param inboundModel passed on by model rows of other capsules
    struct Revenue {
        uint120 total; // slot 0
        uint120 computeAccrued;
        bool inbound;
        uint120 inboundData; // slot 1
        uint120 inboundModel;
    }

    /// @notice A sector's part of the platform's leg of its offers' metered use.
    /// @param account earns the part
    /// @param bps basis points of the leg, after the application's part
    struct SectorShare {
        address account;
        uint16 bps;
    }

    /// @notice A price to take into escrow.
    /// @param offerId the offer
    /// @param units metered units to prepay
    /// @param token the offer's currency
    /// @param amount base units
    /// @param caller pays by allowance or permit
    /// @param purpose binds a signed authorization to this payment
    struct Deposit {
        uint64 offerId;
        uint64 units;
        address token;
        uint128 amount;
        address caller;
        bytes32 purpose;
    }

    /// @notice Neighboring earners of one shares version to pay in one token.
    /// @param first number of the first earner
    /// @param count number of earners
    struct Claim {
        uint64 capsuleId;
        uint32 sharesVersion;
        address token;
        uint256 first;
        uint256 count;
    }

    error PaymentZero();
    error AuthorizationMalformed(bytes authorization);
    error PaymentTokenNotContract(address token);
    error CallerNotLicenses(address caller);
    error CallerNotOfferLedger(uint64 offerId, address caller);
    error EscrowInsufficientBalance(uint64 offerId, uint256 balance, uint256 needed);
    error EscrowOfferForSale(uint64 offerId);
    error EscrowNothingToSweep(uint64 offerId, uint256 balance, uint256 held);
    error ApplicationShareTooHigh(uint256 bps, uint256 maximum);
    error SectorShareTooHigh(uint16 sector, uint256 bps, uint256 maximum);
    error SectorShareAccountInvalid(uint16 sector, address account);
    error LicensesAlreadySet(address licenses);
    error LicensesZero();

    /// @notice Somebody paid a capsule directly.
    event Paid(
        uint64 indexed capsuleId,
        address indexed payer,
        address indexed token,
        uint32 sharesVersion,
        uint256 amount
    );
    /// @notice The price of a license's units was taken into escrow.
    event Deposited(uint64 indexed offerId, address indexed payer, uint128 amount, uint64 units);
    /// @notice Metered use of `units` was paid from escrow. The rest of `amount` accrued to the shares version.
    event Released(
        uint64 indexed offerId,
        uint64 indexed capsuleId,
        address indexed computePayee,
        uint32 sharesVersion,
        uint128 units,
        uint256 amount,
        uint256 computeAmount,
        uint256 applicationAmount,
        uint256 sectorAmount
    );
    /// @notice A license of `units` prepaid units closed; `amount` became withdrawable by `account`.
    event Refunded(uint64 indexed offerId, address indexed account, uint128 amount, uint64 units);
    /// @notice Escrow beyond the price of open licenses became a payment to the capsule.
    event EscrowSwept(uint64 indexed offerId, uint64 indexed capsuleId, uint32 sharesVersion, uint256 amount);
    /// @notice Earners `first`, `first + 1`, ... were paid these amounts; 0 for skipped ones.
    event Claimed(
        uint64 indexed capsuleId,
        uint32 indexed sharesVersion,
        address indexed token,
        uint256 first,
        uint256[] amounts
    );
    /// @notice A row's earnings were passed on to the capsule named in the row.
    event PassedOn(
        uint64 indexed capsuleId,
        address indexed token,
        uint64 indexed toCapsuleId,
        uint32 sharesVersion,
        uint256 earner,
        uint32 toSharesVersion,
        uint256 amount
    );
    /// @notice A withdrawable balance was paid.
    event Withdrawn(address indexed account, address indexed token, uint256 amount);
    /// @notice Governance set the application's fraction of the platform's part.
    event ApplicationShareSet(uint16 bps);
    /// @notice Governance set a sector's account, and its fraction of the platform's part.
    event SectorShareSet(uint16 indexed sector, address indexed account, uint16 bps);
    /// @notice The license contract was set, permanently.
    event LicensesSet(address indexed licenses);

    /// @notice Pays a capsule. The cost does not depend on the number of its earners.
    /// @dev - `amount` above 0, or `PaymentZero`; `token` is a contract, or `PaymentTokenNotContract`
    ///      - the capsule exists, or `ERC721NonexistentToken`
    ///      - payment as in `PaymentMethod`; exactly `amount` arrives, or `TransferAmountMismatch`
    ///      The purpose of a signed authorization is `keccak256(abi.encode(pay.selector, capsuleId, token,
    ///      amount))`.
    /// @param capsuleId the paid capsule
    /// @param token ERC-20 token
    /// @param amount base units
    /// @param authorization see `PaymentMethod`
    function pay(uint64 capsuleId, address token, uint128 amount, bytes calldata authorization) external;

    /// @notice Takes a license's price into escrow.
    /// @dev - the caller is the license contract, or `CallerNotLicenses`
    ///      - payment as in `PaymentMethod`; exactly `amount` arrives, or `TransferAmountMismatch`. If the amount is 0,
    ///        no token is called, and the caller counts as payer
    /// @param order the price
    /// @param authorization see `PaymentMethod`
    /// @return payer the caller, or the account that signed an ERC-3009 authorization or for Permit2
    function deposit(Deposit calldata order, bytes calldata authorization) external returns (address payer);

    /// @notice Pays for metered use from an offer's escrow.
    /// @dev In all, an offer releases floor(units ever released * price / 1,000,000), over any number of calls: the
    ///      escrow carries the remainder.
    ///      `computePayee` earns the compute leg. The offer's application earns a fraction of the platform's part,
    ///      rounded down; the router as application earns nothing. The account of the offer's sector earns a fraction of
    ///      what is left of it, rounded down. The rest goes to the capsule's current shares version. Direct payments and
    ///      swept escrow prove no use, so no application and no sector earns from them.
    ///      - the caller is the offer's ledger, or `CallerNotOfferLedger`
    ///      - the escrow holds the price, or `EscrowInsufficientBalance`
    /// @param offerId the offer
    /// @param units metered units
    /// @param computePayee payee of the meter
    function release(uint64 offerId, uint128 units, address computePayee) external;

    /// @notice Ends a license's part of the escrow; `amount` becomes withdrawable by `account`.
    /// @dev - the caller is the license contract, or `CallerNotLicenses`
    ///      - the escrow holds it, or `EscrowInsufficientBalance`
    /// @param offerId the offer
    /// @param account the license's holder
    /// @param units all units prepaid by the license
    /// @param amount base units, may be 0
    function refund(uint64 offerId, address account, uint64 units, uint128 amount) external;

    /// @notice Turns the escrow beyond the price of open licenses into a direct payment to the capsule: lapsed units,
    ///         units between use and the bound of a closing, and rounding.
    /// @dev Leaves floor((openUnits * price + carry) / 1,000,000), so an open license holds back its own price at most.
    ///      Anyone may call, repeatedly.
    ///      - the offer exists, or `OfferNonexistent`; it or its ledger is retired, or `EscrowOfferForSale`
    ///      - the escrow holds more, or `EscrowNothingToSweep`
    /// @param offerId the offer
    function sweep(uint64 offerId) external;

    /// @notice Pays accounts their unclaimed earnings. Anyone may call; beneficiaries receive.
    /// @dev A row is due its share of its role's cumulative revenue in this version, rounded down, minus its earlier
    ///      claims. The remainder, less than a base unit for each row, stays for the version's next revenue. Skips
    ///      earners without new earnings and rows of capsules. Skips rows of the router too: their earnings stay here. If
    ///      the token refuses one beneficiary, the whole call reverts. Requirements of `ICapsuleRegistry.earnersOf`.
    /// @param claims earners by shares version and token
    function claim(Claim[] calldata claims) external;

    /// @notice Passes rows' earnings on to the capsules named in them. There they accrue to the same role of the
    ///         current shares version. One hop for each call.
    /// @dev As `claim`, but skips accounts instead of capsules. Anyone may call. A closed cycle of capsules keeps its
    ///      money and creates none. Its counters still grow: after some 10^12 rounds, for a token of 10^24 units, they
    ///      are full and no more payments are possible there.
    /// @param claims earners by shares version and token
    function passOn(Claim[] calldata claims) external;

    /// @notice Pays an account its withdrawable balance: refunds, compute, and parts of applications and
    ///         sectors. Anyone may call.
    /// @dev Does nothing if the balance is 0 or the account is the router.
    /// @param account the receiver
    /// @param token ERC-20 token
    /// @return amount base units paid
    function withdraw(address account, address token) external returns (uint256 amount);

    /// @notice Sets the application's fraction of the platform's part for future releases.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - at most half, or `ApplicationShareTooHigh`
    /// @param bps basis points
    function setApplicationShare(uint16 bps) external;

    /// @notice Sets a sector's account and its fraction of the platform's part for future releases. Earlier parts stay
    ///         withdrawable by the account that earned them.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - at most half, or `SectorShareTooHigh`
    ///      - unless the fraction is 0, the account is neither zero nor the router, or `SectorShareAccountInvalid`
    /// @param sector as in offers, 0 included
    /// @param account earns the part, such as the feed of a subnet
    /// @param bps basis points
    function setSectorShare(uint16 sector, address account, uint16 bps) external;

    /// @notice Sets the license contract, permanently. For deployment.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - not zero, or `LicensesZero`; not set before, or `LicensesAlreadySet`
    function setLicenses(address licenses) external;

    /// @notice An offer's escrow.
    function escrowOf(uint64 offerId) external view returns (Escrow memory);

    /// @notice A shares version's cumulative revenue.
    function revenueOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token
    ) external view returns (Revenue memory);

    /// @notice An earner's cumulative claims, paid or passed on; the platform's include the parts of applications and
    ///         sectors.
    function takenOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token,
        uint256 earner
    ) external view returns (uint128);

    /// @notice The amounts to be paid by `claim`, for accounts, and by `passOn`, for capsules; 0 for the router.
    /// @dev Requirements of `ICapsuleRegistry.earnersOf`.
    /// @return amounts base units
    /// @return accounts the earning accounts, or zero for capsules
    /// @return capsuleIds the earning capsules, or 0 for accounts
    function claimable(
        Claim calldata range
    ) external view returns (uint256[] memory amounts, address[] memory accounts, uint64[] memory capsuleIds);

    /// @notice An account's withdrawable balance.
    function withdrawable(address account, address token) external view returns (uint256);

    /// @notice An application's fraction of the platform's part, basis points.
    function applicationShareBps() external view returns (uint16);

    /// @notice A sector's part of the platform's leg; zeros if it never had one.
    function sectorShareOf(uint16 sector) external view returns (SectorShare memory);

    /// @notice The license contract.
    function licenses() external view returns (address);

    /// @notice The earner of the platform's part.
    function COMMONS() external view returns (address);
}
