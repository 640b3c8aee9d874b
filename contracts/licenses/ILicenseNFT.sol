// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";

import {Settlement} from "../libraries/Settlement.sol";

/// @notice Rights to use a capsule under an offer, as ERC-721 tokens with prepaid units and one signer each.
/// @dev The token gives its holder the right of use; the signer's vouchers prove the use. A closed license is burned.
///      Reading a license that does not exist reverts with `ERC721NonexistentToken(tokenId)` unless stated otherwise.
///      Settlement windows, changes of signer and lapse periods count seconds without pause: `IGuardian.pausedFor`
///      since the start extends each. Times in errors include the pauses so far.
interface ILicenseNFT is IERC721Metadata {
    /// @notice A license that is not closed.
    /// @param offerId the offer of its purchase
    /// @param prepaid units paid for, over its whole life
    /// @param expiry end of service and of the term, seconds since 1970
    /// @param bought units bought in this term
    /// @param closing whether the holder requested to close or the capsule's owner revoked: no top-up, no renewal
    /// @param keyed whether `keysOf` names the signer; else the holder signs
    /// @param rented whether the license was rented out and nothing since has taken note of the end
    struct License {
        uint64 offerId;
        uint64 prepaid;
        uint40 expiry;
        uint48 bought;
        bool closing;
        bool keyed;
        bool rented;
    }

    /// @notice The signer of a license's vouchers, and its pending change.
    /// @param signer account key; its vouchers settle, until and including `changeAt` if a change is pending
    /// @param changeAt afterwards `pending`'s vouchers settle instead; pauses delay it; 0 if no change is pending
    /// @param changes number of the last change: each `setSigner`, transfer, and start or end of a rental counts, also
    ///        back to the same signer
    /// @param pending the next signer, if `changeAt` is not 0
    struct Keys {
        address signer; // slot 0
        uint40 changeAt;
        uint56 changes;
        address pending; // slot 1
    }

    /// @notice A license's user by ERC-4907.
    /// @param user names the license's signer instead of the holder
    /// @param expires end of the rental, seconds since 1970
    struct Rental {
        address user;
        uint64 expires;
    }

    /// @notice A purchase.
    /// @param offerId the offer
    /// @param to receives the license, without a callback
    /// @param signer account key to sign vouchers, or zero for `to`
    /// @param units metered units to prepay, above 0
    /// @param maxPrice most base units of the currency to pay in all; 0 accepts free licenses only
    struct MintParams {
        uint64 offerId;
        address to;
        address signer;
        uint64 units;
        uint128 maxPrice;
    }

    /// @notice Several purchases with one payment: a license for each recipient, who signs its vouchers.
    /// @param offerId the offer
    /// @param units metered units to prepay for each license, above 0
    /// @param maxPrice most base units of the currency to pay in all
    /// @param to the recipients, each gets a license without a callback
    struct BatchParams {
        uint64 offerId;
        uint64 units;
        uint128 maxPrice;
        address[] to;
    }

    /// @notice A holder's order to renew a license for every term.
    /// @param units metered units of each term, or 0 without a subscription
    /// @param maxPrice most base units of the currency for each term
    struct Subscription {
        uint64 units;
        uint128 maxPrice;
    }

    /// @notice The answer of `authorize`. `SignerNotKey`: the signer is a contract and cannot sign vouchers, so the holder
    ///         names a key by `setSigner`. An account with a delegation of EIP-7702 still has its key.
    enum Access {
        Allowed,
        LicenseNonexistent,
        LicenseExpired,
        SignerChanging,
        SignerNotKey,
        UserNotSigner,
        ContextNotAllowed
    }

    error LicenseUnitsZero();
    error LicenseRecipientsEmpty();
    error LicenseNotSubscribed(uint64 licenseId);
    error LicenseUnitsExceedTerms(uint256 units, uint48 maxUnits);
    error LicenseUnitsOverflow(uint64 licenseId, uint256 prepaid);
    error LicenseRenewalEarly(uint64 licenseId, uint256 renewableFrom);
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
    error LicenseRentalOver(uint64 licenseId, uint64 expires);
    error LicenseIrrevocable(uint64 licenseId);
    error LicenseDerivativesNotPermitted(uint64 licenseId);
    error LicensePayerNotHolder(uint64 licenseId, address payer);
    error CallerNotLicenseHolder(uint64 licenseId, address caller);
    error CallerNotLicenseUser(uint64 licenseId, address caller);
    error CallerNotLicensor(uint64 licenseId, address caller);
    error CallerNotLicenseLedger(uint64 licenseId, address caller);

    /// @notice A license was bought. Its price, by the offer's price per million units, rounded up, is taken into escrow.
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
    /// @notice The holder began a new term with `units` more units.
    event LicenseRenewed(uint64 indexed licenseId, uint64 units, uint40 expiry);
    /// @notice The holder ordered renewals: anyone may renew the license for `units` more units each term.
    event LicenseSubscribed(uint64 indexed licenseId, uint64 units, uint128 maxPrice);
    /// @notice The subscription was canceled, or the license was transferred or closed.
    event LicenseUnsubscribed(uint64 indexed licenseId);
    /// @notice Service to the old signer stopped; after `changeAt` the new signer's vouchers settle. 0 if the license
    ///         already has this signer: service continues. `change` numbers the license's changes from 1.
    event SignerChangeStarted(
        uint64 indexed licenseId,
        address indexed signer,
        uint40 changeAt,
        uint56 change
    );
    /// @notice The meter settled the old signer's last voucher: from now on the new signer's vouchers settle.
    event SignerChangeConfirmed(uint64 indexed licenseId, address indexed signer);
    /// @notice The holder requested to close: service ended at `expiry`.
    event CloseRequested(uint64 indexed licenseId, uint40 expiry);
    /// @notice The capsule's owner revoked: service ends at `expiry`.
    event LicenseRevoked(uint64 indexed licenseId, uint40 expiry);
    /// @notice The license closed with `used` units used; the holder can withdraw `refund` base units.
    event LicenseClosed(uint64 indexed licenseId, address indexed holder, uint64 used, uint128 refund);
    /// @notice The license was not closed in time: all its units count as used.
    event LicenseLapsed(uint64 indexed licenseId, address indexed holder);

    /// @notice Buys a license. The price goes into the offer's escrow at the router.
    /// @dev - units above 0, or `LicenseUnitsZero`
    ///      - the offer is for sale, or `OfferNotForSale`
    ///      - price at most `maxPrice`, or `LicensePriceExceedsMaximum`
    ///      - units bought in this term at most the terms' maximum, or `LicenseUnitsExceedTerms`
    ///      - `to` is not zero, or `ERC721InvalidReceiver`
    ///      - payment as in `ISettlementRouter.deposit`
    /// @param params what to buy
    /// @param authorization how to pay, see `ISettlementRouter.PaymentMethod`; empty for the caller's allowance
    /// @return licenseId counts from 1, never reused
    function mint(
        MintParams calldata params,
        bytes calldata authorization
    ) external returns (uint64 licenseId);

    /// @notice Buys a license for each of several recipients, with one payment.
    /// @dev Requirements of `mint`; also, after `LicenseUnitsZero`: there is a recipient, or `LicenseRecipientsEmpty`.
    ///      The price is the sum of the licenses' prices, each rounded up.
    /// @param params what to buy
    /// @param authorization how to pay, as in `mint`
    /// @return firstLicenseId the first recipient's license; the others follow in order
    function mintBatch(
        BatchParams calldata params,
        bytes calldata authorization
    ) external returns (uint64 firstLicenseId);

    /// @notice Adds units. Anyone may pay.
    /// @dev Requirements of `mint`; also, first of all:
    ///      - not closing, or `LicenseEnded`; not after the settlement window, or `LicenseWindowOver`
    ///      - if the price is 0, the holder calls, or `LicensePayerNotHolder`: a stranger could use up the terms' units
    ///        for nothing
    ///      - prepaid units of its whole life at most 2^64 - 1, or `LicenseUnitsOverflow`
    /// @param licenseId the license
    /// @param units units to add, above 0
    /// @param maxPrice most base units to pay
    /// @param authorization how to pay, as in `mint`
    function topUp(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external;

    /// @notice Begins a new term: the license expires after the terms' duration from now. Its maximum of units counts
    ///         anew, and unused units stay.
    /// @dev Requirements of `topUp`; also:
    ///      - half of the terms' duration before expiry has begun, or `LicenseRenewalEarly`. So an expiry of 2^40 - 1
    ///        seconds, the latest, is permanent
    ///      - the holder pays, or `LicensePayerNotHolder`. If the price is 0, the caller counts as payer
    ///      Retiring the offer ends renewals.
    /// @param licenseId the license
    /// @param units units to add, above 0
    /// @param maxPrice most base units to pay
    /// @param authorization how to pay, as in `mint`
    function renew(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external;

    /// @notice Orders renewals, or changes the order: in the renewable half of each term anyone may call
    ///         `renewSubscription`, and the holder's allowance for the router pays.
    /// @dev Ends with cancellation, transfer and closing.
    ///      - the caller holds the license, or `CallerNotLicenseHolder`
    ///      - units above 0, or `LicenseUnitsZero`
    ///      - not closing, or `LicenseEnded`; not after the settlement window, or `LicenseWindowOver`
    ///      - the offer is for sale, or `OfferNotForSale`
    ///      - a term's price at most `maxPrice`, or `LicensePriceExceedsMaximum`
    ///      - a term's units at most the terms' maximum, or `LicenseUnitsExceedTerms`
    /// @param licenseId the license
    /// @param units metered units of each term
    /// @param maxPrice most base units to pay for each term
    function subscribe(uint64 licenseId, uint64 units, uint128 maxPrice) external;

    /// @notice Ends a subscription. The current term stays.
    /// @dev - the caller holds the license, or `CallerNotLicenseHolder`
    ///      - it is subscribed, or `LicenseNotSubscribed`
    /// @param licenseId the license
    function cancelSubscription(uint64 licenseId) external;

    /// @notice Renews a subscribed license at its holder's expense. Anyone may call.
    /// @dev As `renew`, but the new term begins at the end of the last one, or now if that is over: the holder pays each
    ///      term once, however early somebody calls.
    ///      - it is subscribed, or `LicenseNotSubscribed`
    ///      - requirements of `renew`
    /// @param licenseId the license
    function renewSubscription(uint64 licenseId) external;

    /// @notice A license's subscription; zeros without one, or if the license is closing.
    function subscriptionOf(uint64 licenseId) external view returns (Subscription memory);

    /// @notice Names a new signer, such as a session key. Replaces a pending change.
    /// @dev Service to the old signer stops at once. Its vouchers settle for another `SETTLEMENT_WINDOW`, unless the
    ///      meter confirms the change earlier. A transfer starts the same change to the new holder, a rental to the user,
    ///      and the end of a rental to the holder. Naming the current signer ends a pending change at once.
    ///      - the caller holds the license, or `CallerNotLicenseHolder`; while it is rented out, the caller is its user, or
    ///        `CallerNotLicenseUser`
    ///      - `signer` is not zero, or `LicenseSignerZero`
    /// @param licenseId the license
    /// @param signer account key
    function setSigner(uint64 licenseId, address signer) external;

    /// @notice Makes a pending change of signer take effect now, or the end of a rental. Skips a change that another replaced, and closed
    ///         licenses: no holder can make a list of changes fail.
    /// @dev `CallerNotLicenseLedger` if the license exists and the caller is not the offer's ledger.
    /// @param licenseId the license
    /// @param change number of the change: `keysOf(licenseId).changes`
    /// @return offerId the license's offer, or 0 if skipped
    function confirmSigner(uint64 licenseId, uint56 change) external returns (uint64 offerId);

    /// @notice Ends service now. The refund is due after the settlement window.
    /// @dev - the caller holds the license, or `CallerNotLicenseHolder`
    ///      - service has not ended, or `LicenseEnded`
    /// @param licenseId the license
    function requestClose(uint64 licenseId) external;

    /// @notice Ends service after the terms' notice, or at expiry if earlier. Excludes renewal.
    /// @dev - the caller owns the capsule, or `CallerNotLicensor`
    ///      - the terms permit it, or `LicenseIrrevocable`
    ///      - neither revoked nor closing, or `LicenseEnded`
    /// @param licenseId the license
    function revoke(uint64 licenseId) external;

    /// @notice Burns a license of known use and owes the holder the price of the unused units, rounded down.
    /// @dev - the caller is the offer's ledger, or `CallerNotLicenseLedger`
    ///      - the settlement window is over, or `LicenseWindowOpen`
    ///      - at most `LAPSE_PERIOD` ago, or `LicenseLapsedAlready`
    ///      - no more used than prepaid, or `LicenseUsedExceedsPrepaid`
    /// @param licenseId the license
    /// @param used units to count as used
    function close(uint64 licenseId, uint64 used) external;

    /// @notice Burns a license not closed in time; all its units count as used.
    /// @dev `LicenseNotLapsed` until `LAPSE_PERIOD` after the settlement window.
    /// @param licenseId the license
    function lapse(uint64 licenseId) external;

    /// @notice Emits ERC-4906 `MetadataUpdate` for a license: its capsule published a version. Anyone may call. Changes of
    ///         units and expiry emit it themselves.
    /// @dev The license exists, or `ERC721NonexistentToken`.
    /// @param licenseId the license
    function refreshMetadata(uint64 licenseId) external;

    /// @notice Tells a gateway whether `user` may use the capsule in these contexts now. Never reverts.
    /// @param licenseId the license
    /// @param user account key of the voucher's signer
    /// @param contexts set of contexts of this use
    /// @return access `Allowed`, or the first reason to refuse
    function authorize(uint64 licenseId, address user, uint32 contexts) external view returns (Access access);

    /// @notice What a license gives for registering a derivative, see `ICapsuleRegistry.registerDerivative`.
    /// @dev - service has not ended, neither holder nor licensor ended it for later, or `LicenseEnded`
    ///      - the terms permit derivatives, or `LicenseDerivativesNotPermitted`
    /// @param licenseId the license
    /// @return holder may register derivatives
    /// @return capsuleId the licensed capsule
    /// @return shareBps its share of a derivative's data and model revenue, basis points
    function derivationOf(
        uint64 licenseId
    ) external view returns (address holder, uint64 capsuleId, uint16 shareBps);

    /// @notice A license that is not closed.
    function licenseOf(uint64 licenseId) external view returns (License memory);

    /// @notice A license's signer and its pending change; zeros if the holder signs. From the end of a rental, a change to
    ///         the holder.
    function keysOf(uint64 licenseId) external view returns (Keys memory);

    /// @notice The account key whose vouchers settle now.
    function signerOf(uint64 licenseId) external view returns (address);

    /// @notice The last moments of a license, seconds since 1970, with all pauses so far. Later pauses extend them.
    /// @param licenseId the license
    /// @return settleBy vouchers of the present signer settle until then: earlier than `windowEnd` if its change is pending
    ///         or a rental ends
    /// @return windowEnd the settlement window ends; the license can be closed afterwards
    /// @return lapsesAfter last moment to close; afterwards it lapses
    function deadlinesOf(
        uint64 licenseId
    ) external view returns (uint256 settleBy, uint256 windowEnd, uint256 lapsesAfter);

    /// @notice What closing would refund to the holder, base units; 0 once the license lapsed.
    /// @dev No more used than prepaid, or `LicenseUsedExceedsPrepaid`.
    /// @param licenseId the license
    /// @param used units to count as used
    function refundOf(uint64 licenseId, uint64 used) external view returns (uint128);

    /// @notice The signers and prepaid units of licenses, for settling a batch of vouchers.
    /// @dev - each license is under `offerId`, or `LicenseOfferMismatch`
    ///      - its settlement window is not over, or `LicenseWindowOver`
    /// @param offerId the offer
    /// @param licenseIds the licenses
    /// @return settlements one for each license, packed because batches are long
    function settlementsOf(
        uint64 offerId,
        uint256[] calldata licenseIds
    ) external view returns (Settlement[] memory settlements);

    /// @notice The newest license's id: also the number of licenses ever minted.
    function lastLicenseId() external view returns (uint64);

    /// @notice Time to settle earlier vouchers after expiry or after a change of signer, seconds without pause.
    function SETTLEMENT_WINDOW() external view returns (uint256);

    /// @notice Time to close a license after its settlement window, seconds without pause.
    function LAPSE_PERIOD() external view returns (uint256);
}
