// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Who is paid: escrow of offers, exact 40/30/20/10 legs, claims of any number of beneficiaries.
/// @dev For every token: balance >= escrow + unclaimed + withdrawable, equal unless tokens came unasked.
///      Revenue belongs to a capsule, a shares version and a token. A version's earners are numbered as in
///      `ICapsuleRegistry.earnersOf`: 0 is the platform, here the Commons; 1 is the first share row.
interface ISettlementRouter {
    /// @notice How a payer lets the router take a payment. First word of an `authorization`.
    /// @dev An empty authorization takes the caller's allowance. Otherwise it is
    ///      `abi.encode(PaymentMethod.Permit, uint256 value, uint256 deadline, uint8 v, bytes32 r, bytes32 s)` of
    ///      ERC-2612, by the caller; one that somebody else already submitted does no harm; or
    ///      `abi.encode(PaymentMethod.Authorization, address from, uint256 validAfter, uint256 validBefore,
    ///      bytes32 salt, uint8 v, bytes32 r, bytes32 s)` of ERC-3009 `ReceiveWithAuthorization`, by `from`, with
    ///      nonce `keccak256(abi.encode(purpose, salt))`, which binds it to what it pays for: anyone may submit it.
    ///      Anything else is refused with `AuthorizationMalformed`; errors of the token are passed on.
    enum PaymentMethod {
        Permit,
        Authorization
    }

    /// @notice What backs an offer's licenses.
    /// @param balance base units prepaid and neither released nor refunded
    /// @param licenses how many licenses are not closed
    struct Escrow {
        uint120 balance;
        uint64 licenses;
    }

    /// @notice What a capsule's shares version took in one token, ever.
    /// @dev 2^120 base units are 10^18 tokens of 18 decimals; what would exceed them is refused.
    /// @param total payments, before the split
    /// @param computeAccrued the compute legs of direct payments, and of capsules that name this one
    /// @param inbound whether other capsules passed anything on to data or model
    /// @param inboundData what data rows of other capsules passed on
    /// @param inboundModel what model rows of other capsules passed on
    struct Revenue {
        uint120 total; // slot 0
        uint120 computeAccrued;
        bool inbound;
        uint120 inboundData; // slot 1
        uint120 inboundModel;
    }

    /// @notice A price to take into escrow.
    /// @param offerId whose escrow
    /// @param opened whether a license begins with it
    /// @param token the offer's currency
    /// @param amount base units
    /// @param caller whose allowance or permit pays
    /// @param purpose what an ERC-3009 authorization must be bound to
    struct Deposit {
        uint64 offerId;
        bool opened;
        address token;
        uint128 amount;
        address caller;
        bytes32 purpose;
    }

    /// @notice Neighboring earners of one shares version to pay out in one token.
    /// @param first number of the first earner
    /// @param count how many
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
    error EscrowInUse(uint64 offerId, uint64 licenses);
    error EscrowOfferForSale(uint64 offerId);
    error EscrowEmpty(uint64 offerId);
    error ApplicationShareTooHigh(uint256 bps, uint256 maximum);
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
    /// @notice A license's price came into escrow.
    event Deposited(uint64 indexed offerId, address indexed payer, uint128 amount, bool opened);
    /// @notice Metered use was paid from escrow. The rest of `amount` accrued to the shares version.
    event Released(
        uint64 indexed offerId,
        uint64 indexed capsuleId,
        address indexed computePayee,
        uint32 sharesVersion,
        uint256 amount,
        uint256 computeAmount,
        uint256 applicationAmount
    );
    /// @notice A license closed; `amount` became withdrawable by `account`.
    event Refunded(uint64 indexed offerId, address indexed account, uint128 amount);
    /// @notice Escrow that no license backs any more became a payment to its capsule.
    event EscrowSwept(uint64 indexed offerId, uint64 indexed capsuleId, uint32 sharesVersion, uint256 amount);
    /// @notice Earners `first`, `first + 1`, ... were paid these amounts; 0 for those passed over.
    event Claimed(
        uint64 indexed capsuleId,
        uint32 indexed sharesVersion,
        address indexed token,
        uint256 first,
        uint256[] amounts
    );
    /// @notice What a row earned went on to the capsule that it names.
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
    /// @notice Governance set the applications' fraction of the platform's part.
    event ApplicationShareSet(uint16 bps);
    /// @notice The license contract was named, once.
    event LicensesSet(address indexed licenses);

    /// @notice Pays a capsule. The cost does not depend on how many it pays.
    /// @dev - `amount` above 0, or `PaymentZero`; `token` is a contract, or `PaymentTokenNotContract`
    ///      - the capsule exists, or `ERC721NonexistentToken`
    ///      - payment as in `PaymentMethod`; exactly `amount` arrives, or `TransferAmountMismatch`
    ///      The purpose of an ERC-3009 authorization is `keccak256(abi.encode(pay.selector, capsuleId, token, amount))`.
    /// @param capsuleId who is paid
    /// @param token ERC-20 token
    /// @param amount base units
    /// @param authorization how to pay, see `PaymentMethod`
    function pay(uint64 capsuleId, address token, uint128 amount, bytes calldata authorization) external;

    /// @notice Takes a license's price into escrow.
    /// @dev - the caller is the license contract, or `CallerNotLicenses`
    ///      - payment as in `PaymentMethod`; exactly `amount` arrives, or `TransferAmountMismatch`. Where nothing is to
    ///        pay, no token is called, and the caller counts as payer
    /// @param order what to take, and from whom
    /// @param authorization how to pay, see `PaymentMethod`
    /// @return payer the caller, or who signed the authorization
    function deposit(Deposit calldata order, bytes calldata authorization) external returns (address payer);

    /// @notice Pays `units` of metered use from an offer's escrow: compute to `computePayee`, a fraction of the
    ///         platform's part, rounded down, to the offer's application, the rest to the capsule's current shares
    ///         version.
    /// @dev - the caller is the offer's ledger, or `CallerNotOfferLedger`
    ///      - the escrow holds the price, or `EscrowInsufficientBalance`
    /// @param offerId whose escrow
    /// @param units metered units
    /// @param computePayee who served them
    function release(uint64 offerId, uint128 units, address computePayee) external;

    /// @notice Ends a license's part of the escrow; `amount` becomes withdrawable by `account`.
    /// @dev - the caller is the license contract, or `CallerNotLicenses`
    ///      - the escrow holds it, or `EscrowInsufficientBalance`
    /// @param offerId whose escrow
    /// @param account who is owed
    /// @param amount base units, may be 0
    function refund(uint64 offerId, address account, uint128 amount) external;

    /// @notice Turns what lapsed licenses left in an offer's escrow into a direct payment to its capsule.
    /// @dev - the offer or its ledger is retired, or `EscrowOfferForSale`; the offer exists, or `OfferNonexistent`
    ///      - every license under it is closed, or `EscrowInUse`; there is something, or `EscrowEmpty`
    /// @param offerId whose escrow
    function sweep(uint64 offerId) external;

    /// @notice Pays accounts what they earned and did not claim yet. Anyone may call; beneficiaries receive.
    /// @dev A row earns its part of all that its role earned in this version, rounded down, less what it claimed: what
    ///      rounding leaves, less than a base unit a row, waits for the version's next revenue.
    ///      Earners that earned nothing new, and rows that name a capsule, are passed over. A beneficiary that its
    ///      token refuses fails the whole call. Requirements of `ICapsuleRegistry.earnersOf`.
    /// @param claims earners by shares version and token
    function claim(Claim[] calldata claims) external;

    /// @notice Passes what rows earned on to the capsules they name, where it accrues to the same role of the shares
    ///         version current now. One hop a call; a closed cycle keeps its money but makes none, and turned often enough,
    ///         some 10^12 times for a token of 10^24 units, its counters are full and nothing more can be paid there.
    /// @dev As `claim`, but accounts are passed over. Anyone may call.
    /// @param claims earners by shares version and token
    function passOn(Claim[] calldata claims) external;

    /// @notice Pays an account what is withdrawable by it: refunds, compute and applications' parts. Anyone may call.
    /// @dev An account that is owed nothing is passed over.
    /// @param account who receives
    /// @param token in which token
    /// @return amount base units paid
    function withdraw(address account, address token) external returns (uint256 amount);

    /// @notice Sets the applications' fraction of the platform's part for releases from now on.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - at most half, or `ApplicationShareTooHigh`
    /// @param bps basis points
    function setApplicationShare(uint16 bps) external;

    /// @notice Names the license contract, once and for ever, while the contracts are being deployed.
    /// @dev - the caller has the admin role, or `AccessControlUnauthorizedAccount`
    ///      - not zero, or `LicensesZero`; not set before, or `LicensesAlreadySet`
    function setLicenses(address licenses) external;

    /// @notice An offer's escrow.
    function escrowOf(uint64 offerId) external view returns (Escrow memory);

    /// @notice What a shares version took in, ever.
    function revenueOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token
    ) external view returns (Revenue memory);

    /// @notice What an earner was paid or passed on, ever; for the platform, with what applications got.
    function takenOf(
        uint64 capsuleId,
        uint32 sharesVersion,
        address token,
        uint256 earner
    ) external view returns (uint128);

    /// @notice What `claim` would pay each account, and `passOn` each capsule, now.
    /// @dev Requirements of `ICapsuleRegistry.earnersOf`.
    /// @return amounts base units
    /// @return accounts who would be paid, or zero where a capsule would
    /// @return capsuleIds the capsule, or 0 where an account would
    function claimable(
        Claim calldata range
    ) external view returns (uint256[] memory amounts, address[] memory accounts, uint64[] memory capsuleIds);

    /// @notice What an account may withdraw.
    function withdrawable(address account, address token) external view returns (uint256);

    /// @notice Fraction of the platform's part that an offer's application earns, basis points.
    function applicationShareBps() external view returns (uint16);

    /// @notice The license contract.
    function licenses() external view returns (address);

    /// @notice Who earns the platform's part.
    function COMMONS() external view returns (address);
}
