// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

/// @notice Rights to use a capsule under an offer, as ERC-721 tokens with prepaid units and one signer each.
/// @dev Whoever holds the token may use; the signer's vouchers prove the use. Reading a license that does not exist
///      reverts with `ERC721NonexistentToken(tokenId)` unless stated otherwise. A closed license is burned.
///      Settlement windows, changes of signer and lapse periods count seconds in which settlement is not paused: each
///      ends later by `IGuardian.pausedFor` since it began. Ends in errors have in them what was paused until then.
interface ILicenseNFT is IERC721Metadata {
    /// @notice A license that is not closed.
    /// @param offerId the offer that it was bought under
    /// @param prepaid units paid for, ever
    /// @param expiry when service ends, seconds since 1970
    /// @param closing whether the holder requested to close, or the capsule's owner revoked: no top-up, no renewal
    /// @param keyed whether `keysOf` says who signs; else the holder does
    struct License {
        uint64 offerId;
        uint64 prepaid;
        uint40 expiry;
        bool closing;
        bool keyed;
    }

    /// @notice Who signs a license's vouchers where that is not simply its holder.
    /// @param signer account key whose vouchers settle, up to and including `changeAt` if that is not 0
    /// @param changeAt after when `pending`'s vouchers settle instead, but for pauses, or 0 if no change is pending
    /// @param pending the signer that comes, if `changeAt` is not 0
    struct Keys {
        address signer; // slot 0
        uint40 changeAt;
        address pending; // slot 1
    }

    /// @notice What a buyer asks for.
    /// @param offerId the offer
    /// @param to receives the license; no callback is made
    /// @param signer account key that will sign vouchers, or zero for `to`
    /// @param units how many metered units to prepay, above 0
    /// @param maxPrice most base units of the currency to pay in all; 0 means only if it is free
    struct MintParams {
        uint64 offerId;
        address to;
        address signer;
        uint64 units;
        uint128 maxPrice;
    }

    /// @notice A gateway's answer.
    enum Access {
        Allowed,
        LicenseNonexistent,
        LicenseExpired,
        SignerChanging,
        UserNotSigner,
        ContextNotAllowed
    }

    error LicenseUnitsZero();
    error LicenseUnitsExceedTerms(uint256 units, uint64 maxUnits);
    error LicensePriceExceedsMaximum(uint256 price, uint128 maxPrice);
    error LicenseNotTransferable(uint64 licenseId);
    error LicenseEnded(uint64 licenseId);
    error LicenseOfferMismatch(uint256 licenseId, uint64 offerId);
    error LicenseWindowOver(uint256 licenseId, uint256 windowEnd);
    error LicenseWindowOpen(uint64 licenseId, uint256 windowEnd);
    error LicenseUsedExceedsPrepaid(uint64 licenseId, uint64 used, uint64 prepaid);
    error LicenseNotLapsed(uint64 licenseId, uint256 lapsesAfter);
    error LicenseLapsedAlready(uint64 licenseId, uint256 lapsesAfter);
    error LicenseSignerZero();
    error LicenseSignerNotChanging(uint64 licenseId, uint40 changeAt);
    error LicenseIrrevocable(uint64 licenseId);
    error LicensePayerNotHolder(uint64 licenseId, address payer);
    error CallerNotLicenseHolder(uint64 licenseId, address caller);
    error CallerNotLicensor(uint64 licenseId, address caller);
    error CallerNotLicenseLedger(uint64 licenseId, address caller);

    /// @notice A license was bought. Its price, units times the offer's unit price, is in escrow.
    event LicenseMinted(
        uint64 indexed licenseId,
        uint64 indexed offerId,
        address indexed to,
        address signer,
        uint64 units,
        uint40 expiry
    );
    /// @notice Units were added.
    event LicenseToppedUp(uint64 indexed licenseId, uint64 units);
    /// @notice The holder began a new term and added units.
    event LicenseRenewed(uint64 indexed licenseId, uint64 units, uint40 expiry);
    /// @notice Service to the old signer stopped; after `changeAt` the new one's vouchers settle. 0 means that it is the
    ///         signer that settled already: service goes on.
    event SignerChangeStarted(uint64 indexed licenseId, address indexed signer, uint40 changeAt);
    /// @notice The meter settled the old signer's last voucher: the new signer's settle from now on.
    event SignerChangeConfirmed(uint64 indexed licenseId, address indexed signer);
    /// @notice The holder asked to close: service ended at `expiry`.
    event CloseRequested(uint64 indexed licenseId, uint40 expiry);
    /// @notice The capsule's owner revoked: service ends at `expiry`.
    event LicenseRevoked(uint64 indexed licenseId, uint40 expiry);
    /// @notice The license ended with `used` units used; `refund` base units went to the holder.
    event LicenseClosed(uint64 indexed licenseId, address indexed holder, uint64 used, uint128 refund);
    /// @notice Nobody closed the license in time: all its units count as used.
    event LicenseLapsed(uint64 indexed licenseId, address indexed holder);

    /// @notice Buys a license. The price goes into the offer's escrow at the router.
    /// @dev - units above 0, or `LicenseUnitsZero`
    ///      - the offer is for sale, or `OfferNotForSale`
    ///      - price at most `maxPrice`, or `LicensePriceExceedsMaximum`
    ///      - units within the terms, or `LicenseUnitsExceedTerms`
    ///      - `to` is not zero, or `ERC721InvalidReceiver`
    ///      - payment as in `ISettlementRouter.deposit`
    /// @param params what to buy
    /// @param authorization how to pay, see `ISettlementRouter.PaymentMethod`; empty for the caller's allowance
    /// @return licenseId counts from 1, never reused
    function mint(
        MintParams calldata params,
        bytes calldata authorization
    ) external returns (uint64 licenseId);

    /// @notice Adds units. Anyone may pay.
    /// @dev Requirements of `mint`; also, first of all:
    ///      - not closing, or `LicenseEnded`; not after the settlement window, or `LicenseWindowOver`
    ///      - where nothing is to pay, the holder calls, or `LicensePayerNotHolder`: a stranger could use up what the
    ///        terms leave for a renewal
    /// @param licenseId the license
    /// @param units how many to add, above 0
    /// @param maxPrice most base units to pay
    /// @param authorization how to pay, as in `mint`
    function topUp(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external;

    /// @notice Begins a new term: the license ends the terms' duration from now.
    /// @dev Requirements of `topUp`; also the holder pays, or `LicensePayerNotHolder`. Where nothing is to pay, that is
    ///      who calls. Who wants renewals to end retires the offer.
    /// @param licenseId the license
    /// @param units how many to add, above 0
    /// @param maxPrice most base units to pay
    /// @param authorization how to pay, as in `mint`
    function renew(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external;

    /// @notice Names a new signer, such as a session key. Replaces a change that is pending.
    /// @dev Service to the old signer stops at once; its vouchers settle for `SETTLEMENT_WINDOW` more, unless the meter
    ///      confirms the change earlier. A transfer does the same in favor of the new holder. To name the signer whose
    ///      vouchers settle now ends a pending change at once.
    ///      - the caller holds the license, or `CallerNotLicenseHolder`
    ///      - `signer` is not zero, or `LicenseSignerZero`
    /// @param licenseId the license
    /// @param signer account key
    function setSigner(uint64 licenseId, address signer) external;

    /// @notice Makes a pending change of signer take effect now.
    /// @dev - the caller is the offer's ledger, or `CallerNotLicenseLedger`
    ///      - it is the license's last change, and not confirmed, or `LicenseSignerNotChanging`: another may have
    ///        replaced it
    /// @param licenseId the license
    /// @param changeAt which change: `keysOf(licenseId).changeAt`
    function confirmSigner(uint64 licenseId, uint40 changeAt) external;

    /// @notice Ends service now. The refund is due after the settlement window.
    /// @dev - the caller holds the license, or `CallerNotLicenseHolder`
    ///      - service goes on, or `LicenseEnded`
    /// @param licenseId the license
    function requestClose(uint64 licenseId) external;

    /// @notice Ends service after the terms' notice, or at expiry if that is earlier. No renewal after it.
    /// @dev - the caller owns the capsule, or `CallerNotLicensor`
    ///      - the terms permit it, or `LicenseIrrevocable`
    ///      - neither revoked nor closing, or `LicenseEnded`
    /// @param licenseId the license
    function revoke(uint64 licenseId) external;

    /// @notice Burns a license whose use is known and owes the holder the unused part of its price.
    /// @dev - the caller is the offer's ledger, or `CallerNotLicenseLedger`
    ///      - the settlement window is over, or `LicenseWindowOpen`
    ///      - at most `LAPSE_PERIOD` ago, or `LicenseLapsedAlready`
    ///      - no more used than prepaid, or `LicenseUsedExceedsPrepaid`
    /// @param licenseId the license
    /// @param used units settled, or as many as count as used
    function close(uint64 licenseId, uint64 used) external;

    /// @notice Burns a license that nobody closed in time; its units count as used.
    /// @dev `LicenseNotLapsed` until `LAPSE_PERIOD` after the settlement window.
    /// @param licenseId the license
    function lapse(uint64 licenseId) external;

    /// @notice The one question a gateway asks: may `user` use the capsule in these contexts now?
    /// @param licenseId the license
    /// @param user account key that will sign the voucher
    /// @param contexts set of contexts of this use
    /// @return access `Allowed`, or the first reason why not; never reverts
    function authorize(uint64 licenseId, address user, uint32 contexts) external view returns (Access access);

    /// @notice A license that is not closed.
    function licenseOf(uint64 licenseId) external view returns (License memory);

    /// @notice Who signs a license; zeros where that is its holder.
    function keysOf(uint64 licenseId) external view returns (Keys memory);

    /// @notice Whose vouchers settle at this moment.
    function signerOf(uint64 licenseId) external view returns (address);

    /// @notice What settling vouchers needs to know of licenses.
    /// @dev - each license is under `offerId`, or `LicenseOfferMismatch`
    ///      - its settlement window is not over, or `LicenseWindowOver`
    /// @param offerId the offer that use is settled under
    /// @param licenseIds the licenses
    /// @return words for each, who signs what settles at this moment (160 bits, lowest), and units that may settle in
    ///         all (64 bits above); words, because batches are long
    function settlementsOf(
        uint64 offerId,
        uint256[] calldata licenseIds
    ) external view returns (uint256[] memory words);

    /// @notice The newest license's id, which is also how many were ever minted.
    function lastLicenseId() external view returns (uint64);

    /// @notice How long after expiry, and after a change of signer, vouchers signed before still settle, seconds without
    ///         pause.
    function SETTLEMENT_WINDOW() external view returns (uint256);

    /// @notice How long after the settlement window a license can be closed, seconds without pause.
    function LAPSE_PERIOD() external view returns (uint256);
}
