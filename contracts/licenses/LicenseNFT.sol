// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {EIP7702Utils} from "@openzeppelin/contracts/account/utils/EIP7702Utils.sol";
import {IERC4906} from "@openzeppelin/contracts/interfaces/IERC4906.sol";
import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {IERC721Metadata} from "@openzeppelin/contracts/token/ERC721/extensions/IERC721Metadata.sol";
import {IERC165} from "@openzeppelin/contracts/utils/introspection/IERC165.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {IGuardian} from "../governance/IGuardian.sol";
import {Price} from "../libraries/Price.sol";
import {Settlement, SettlementLib} from "../libraries/Settlement.sol";
import {ISettlementRouter} from "../settlement/ISettlementRouter.sol";
import {ILicenseNFT} from "./ILicenseNFT.sol";
import {ITermsRegistry} from "./ITermsRegistry.sol";

/// @notice Rights to use a capsule under an offer, as ERC-721 tokens with prepaid units and one signer each.
contract LicenseNFT is ERC721, ILicenseNFT, IERC4906 {
    using SafeCast for uint256;

    uint256 public constant SETTLEMENT_WINDOW = 3 days;
    uint256 public constant LAPSE_PERIOD = 180 days;
    uint40 internal constant IRREVOCABLE = type(uint40).max;

    ICapsuleRegistry public immutable CAPSULES;
    ITermsRegistry public immutable TERMS;
    ISettlementRouter public immutable ROUTER;
    IGuardian public immutable GUARDIAN;

    uint64 public lastLicenseId;
    mapping(uint256 licenseId => License) private _licenses;
    mapping(uint256 licenseId => Keys) private _keys;

    /// @param capsules the licensed capsules
    /// @param terms offers and their conditions
    /// @param router holds prices in escrow
    /// @param guardian its pauses extend windows
    constructor(
        ICapsuleRegistry capsules,
        ITermsRegistry terms,
        ISettlementRouter router,
        IGuardian guardian
    ) ERC721("Benefit Grid License", "LICENSE") {
        CAPSULES = capsules;
        TERMS = terms;
        ROUTER = router;
        GUARDIAN = guardian;
    }

    // Buying

    /// @inheritdoc ILicenseNFT
    function mint(
        MintParams calldata params,
        bytes calldata authorization
    ) external returns (uint64 licenseId) {
        if (params.units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.mint.selector, params));
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            params.offerId,
            params.units,
            params.maxPrice,
            purpose
        );
        if (params.units > terms.maxUnits) revert LicenseUnitsExceedTerms(params.units, terms.maxUnits);

        licenseId = ++lastLicenseId;
        uint40 expiry = _later(terms.duration);
        bool keyed = params.signer != address(0);
        _licenses[licenseId] = License(
            params.offerId,
            params.units,
            expiry,
            uint48(params.units),
            false,
            keyed
        );
        if (keyed) _keys[licenseId].signer = params.signer;
        _mint(params.to, licenseId);

        emit LicenseMinted(licenseId, params.offerId, params.to, params.signer, params.units, expiry);

        ROUTER.deposit(order, authorization);
    }

    function _quote(
        uint64 offerId,
        uint64 units,
        uint128 maxPrice,
        bytes32 purpose
    ) private view returns (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) {
        address currency;
        uint96 pricePerMillion;
        (currency, pricePerMillion, terms) = TERMS.offerForSale(offerId);
        uint256 price = Price.roundedUp(units, pricePerMillion);
        if (price > maxPrice) revert LicensePriceExceedsMaximum(price, maxPrice);
        order = ISettlementRouter.Deposit(offerId, units, currency, uint128(price), msg.sender, purpose);
    }

    /// @dev Saturates at `type(uint40).max`.
    function _later(uint256 duration) private view returns (uint40) {
        return uint40(Math.min(block.timestamp + duration, type(uint40).max));
    }

    /// @inheritdoc ILicenseNFT
    function topUp(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external {
        if (units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.topUp.selector, licenseId, units, maxPrice));
        License storage self = _continuing(licenseId);
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            self.offerId,
            units,
            maxPrice,
            purpose
        );
        _addUnits(licenseId, units, self.bought, terms.maxUnits);
        if (order.amount == 0 && msg.sender != ownerOf(licenseId))
            revert LicensePayerNotHolder(licenseId, msg.sender);

        emit LicenseToppedUp(licenseId, units);

        ROUTER.deposit(order, authorization);
    }

    /// @dev Reverts if the license is closing or past its settlement window.
    function _continuing(uint64 licenseId) private view returns (License storage self) {
        _requireOwned(licenseId);
        self = _licenses[licenseId];
        if (self.closing) revert LicenseEnded(licenseId);
        _checkWindow(licenseId, self.expiry);
    }

    function _checkWindow(uint256 licenseId, uint256 expiry) private view {
        uint256 windowEnd = _endOf(expiry, SETTLEMENT_WINDOW);
        if (block.timestamp > windowEnd) revert LicenseWindowOver(licenseId, windowEnd);
    }

    /// @dev The last second of a period, extended by all pauses since its start. Reads pauses only for a period over
    ///      without them, so they cost settling in time no gas.
    function _endOf(uint256 start, uint256 length) private view returns (uint256 end) {
        end = start + length;
        if (block.timestamp > end) end += GUARDIAN.pausedFor(uint48(start), uint48(block.timestamp));
    }

    /// @param bought units bought in this term before
    function _addUnits(uint64 licenseId, uint64 units, uint256 bought, uint48 maxUnits) private {
        License storage self = _licenses[licenseId];
        bought += units;
        if (bought > maxUnits) revert LicenseUnitsExceedTerms(bought, maxUnits);
        uint256 prepaid = uint256(self.prepaid) + units;
        if (prepaid > type(uint64).max) revert LicenseUnitsOverflow(licenseId, prepaid);

        (self.prepaid, self.bought) = (uint64(prepaid), uint48(bought));
    }

    /// @inheritdoc ILicenseNFT
    function renew(uint64 licenseId, uint64 units, uint128 maxPrice, bytes calldata authorization) external {
        if (units == 0) revert LicenseUnitsZero();
        bytes32 purpose = keccak256(abi.encode(this.renew.selector, licenseId, units, maxPrice));
        License storage self = _continuing(licenseId);
        (ISettlementRouter.Deposit memory order, ITermsRegistry.Conditions memory terms) = _quote(
            self.offerId,
            units,
            maxPrice,
            purpose
        );
        // Else a loop of renewals could buy any number of units.
        uint256 renewableFrom = self.expiry - terms.duration / 2;
        if (block.timestamp < renewableFrom) revert LicenseRenewalEarly(licenseId, renewableFrom);
        address holder = ownerOf(licenseId);
        _addUnits(licenseId, units, 0, terms.maxUnits);
        self.expiry = _later(terms.duration);

        emit LicenseRenewed(licenseId, units, self.expiry);

        address payer = ROUTER.deposit(order, authorization);
        if (payer != holder) revert LicensePayerNotHolder(licenseId, payer);
    }

    // Changing the signer

    /// @inheritdoc ILicenseNFT
    function setSigner(uint64 licenseId, address signer) external {
        _checkHolder(licenseId);
        if (signer == address(0)) revert LicenseSignerZero();
        _startSignerChange(licenseId, msg.sender, signer);
    }

    function _checkHolder(uint64 licenseId) private view {
        if (_requireOwned(licenseId) != msg.sender) revert CallerNotLicenseHolder(licenseId, msg.sender);
    }

    /// @dev At most one change is pending. No signer is served meanwhile, so replacing or ending it costs a meter
    ///      nothing. Naming the current signer ends a pending change.
    function _startSignerChange(uint64 licenseId, address from, address to) private {
        License storage self = _licenses[licenseId];
        address signer = self.keyed ? _keyedSigner(licenseId) : from;
        uint40 changeAt = signer == to ? 0 : uint40(block.timestamp + SETTLEMENT_WINDOW);
        uint56 change = _keys[licenseId].changes + 1;
        _keys[licenseId] = Keys(signer, changeAt, change, to);
        self.keyed = true;

        emit SignerChangeStarted(licenseId, to, changeAt, change);
    }

    function _keyedSigner(uint256 licenseId) private view returns (address) {
        Keys storage keys = _keys[licenseId];
        uint256 changeAt = keys.changeAt;
        return changeAt == 0 || _isChanging(changeAt) ? keys.signer : keys.pending;
    }

    function _isChanging(uint256 changeAt) private view returns (bool) {
        return block.timestamp <= _endOf(changeAt - SETTLEMENT_WINDOW, SETTLEMENT_WINDOW);
    }

    /// @dev The new holder of a transferred license becomes its signer.
    function _update(address to, uint256 tokenId, address auth) internal override returns (address from) {
        from = super._update(to, tokenId, auth);
        if (from == address(0) || to == address(0)) return from;
        uint64 licenseId = uint64(tokenId);
        if (!TERMS.offerConditionsOf(_licenses[licenseId].offerId).transferable) {
            revert LicenseNotTransferable(licenseId);
        }
        _startSignerChange(licenseId, from, to);
    }

    /// @inheritdoc ILicenseNFT
    function confirmSigner(uint64 licenseId, uint56 change) external returns (uint64 offerId) {
        offerId = _licenses[licenseId].offerId;
        if (offerId == 0) return 0;
        _checkLedger(licenseId);
        Keys storage keys = _keys[licenseId];
        if (keys.changeAt == 0 || keys.changes != change) return 0;

        keys.signer = keys.pending;
        keys.changeAt = 0;

        emit SignerChangeConfirmed(licenseId, keys.signer);
    }

    function _checkLedger(uint64 licenseId) private view {
        _requireOwned(licenseId);
        address ledger = TERMS.offerOf(_licenses[licenseId].offerId).ledger;
        if (ledger != msg.sender) revert CallerNotLicenseLedger(licenseId, msg.sender);
    }

    // Ending

    /// @inheritdoc ILicenseNFT
    function requestClose(uint64 licenseId) external {
        _checkHolder(licenseId);
        License storage self = _licenses[licenseId];
        if (block.timestamp >= self.expiry) revert LicenseEnded(licenseId);

        self.expiry = uint40(block.timestamp);
        self.closing = true;

        emit CloseRequested(licenseId, self.expiry);
    }

    /// @inheritdoc ILicenseNFT
    function revoke(uint64 licenseId) external {
        _requireOwned(licenseId);
        License storage self = _licenses[licenseId];
        uint64 offerId = self.offerId;
        uint64 capsuleId = TERMS.offerOf(offerId).capsuleId;
        if (CAPSULES.ownerOf(capsuleId) != msg.sender) revert CallerNotLicensor(licenseId, msg.sender);
        uint256 notice = TERMS.offerConditionsOf(offerId).revocationNotice;
        if (notice == IRREVOCABLE) revert LicenseIrrevocable(licenseId);
        if (self.closing) revert LicenseEnded(licenseId);

        self.expiry = uint40(Math.min(block.timestamp + notice, self.expiry));
        self.closing = true;

        emit LicenseRevoked(licenseId, self.expiry);
    }

    /// @inheritdoc ILicenseNFT
    function close(uint64 licenseId, uint64 used) external {
        _checkLedger(licenseId);
        License storage self = _licenses[licenseId];
        uint256 windowEnd = _endOf(self.expiry, SETTLEMENT_WINDOW);
        if (block.timestamp <= windowEnd) revert LicenseWindowOpen(licenseId, windowEnd);
        uint256 lapsesAfter = _lapsesAfter(self);
        if (block.timestamp > lapsesAfter) revert LicenseLapsedAlready(licenseId, lapsesAfter);

        (uint64 offerId, uint64 prepaid) = (self.offerId, self.prepaid);
        uint128 amount = _refundOf(licenseId, used);
        address holder = _remove(licenseId);

        emit LicenseClosed(licenseId, holder, used, amount);

        ROUTER.refund(offerId, holder, prepaid, amount);
    }

    function _refundOf(uint64 licenseId, uint64 used) private view returns (uint128) {
        License storage self = _licenses[licenseId];
        (uint64 offerId, uint64 prepaid) = (self.offerId, self.prepaid);
        if (used > prepaid) revert LicenseUsedExceedsPrepaid(licenseId, used, prepaid);
        uint96 price = TERMS.offerOf(offerId).pricePerMillion;
        return Price.roundedDown(prepaid - used, price).toUint128();
    }

    function _lapsesAfter(License storage self) private view returns (uint256) {
        return _endOf(self.expiry, SETTLEMENT_WINDOW + LAPSE_PERIOD);
    }

    function _remove(uint64 licenseId) private returns (address holder) {
        holder = ownerOf(licenseId);
        delete _licenses[licenseId];
        delete _keys[licenseId];
        _burn(licenseId);
    }

    /// @inheritdoc ILicenseNFT
    function lapse(uint64 licenseId) external {
        _requireOwned(licenseId);
        License storage self = _licenses[licenseId];
        uint256 lapsesAfter = _lapsesAfter(self);
        if (block.timestamp <= lapsesAfter) revert LicenseNotLapsed(licenseId, lapsesAfter);

        (uint64 offerId, uint64 prepaid) = (self.offerId, self.prepaid);
        address holder = _remove(licenseId);

        emit LicenseLapsed(licenseId, holder);

        ROUTER.refund(offerId, holder, prepaid, 0);
    }

    // Metadata

    /// @inheritdoc ILicenseNFT
    function refreshMetadata(uint64 licenseId) external {
        _requireOwned(licenseId);
        emit MetadataUpdate(licenseId);
    }

    // Reading

    /// @inheritdoc ILicenseNFT
    function authorize(uint64 licenseId, address user, uint32 contexts) external view returns (Access) {
        address holder = _ownerOf(licenseId);
        if (holder == address(0)) return Access.LicenseNonexistent;
        License storage self = _licenses[licenseId];
        if (block.timestamp >= self.expiry) return Access.LicenseExpired;
        uint256 changeAt = _keys[licenseId].changeAt;
        if (changeAt != 0 && _isChanging(changeAt)) return Access.SignerChanging;
        address signer = self.keyed ? _keyedSigner(licenseId) : holder;
        if (!_hasKey(signer)) return Access.SignerNotKey;
        if (user != signer) return Access.UserNotSigner;
        uint32 allowed = TERMS.offerConditionsOf(self.offerId).contexts;
        return contexts & ~allowed == 0 ? Access.Allowed : Access.ContextNotAllowed;
    }

    /// @dev Contracts have no key, unless their code is a delegation of EIP-7702. A wallet to be deployed later passes.
    function _hasKey(address account) private view returns (bool) {
        return account.code.length == 0 || EIP7702Utils.fetchDelegate(account) != address(0);
    }

    /// @inheritdoc ILicenseNFT
    function derivationOf(
        uint64 licenseId
    ) external view returns (address holder, uint64 capsuleId, uint16 shareBps) {
        holder = _requireOwned(licenseId);
        License storage self = _licenses[licenseId];
        if (self.closing || block.timestamp >= self.expiry) revert LicenseEnded(licenseId);
        ITermsRegistry.Conditions memory terms = TERMS.offerConditionsOf(self.offerId);
        if (!terms.derivatives) revert LicenseDerivativesNotPermitted(licenseId);
        return (holder, TERMS.offerOf(self.offerId).capsuleId, terms.derivativeShareBps);
    }

    /// @inheritdoc ILicenseNFT
    function licenseOf(uint64 licenseId) external view returns (License memory) {
        _requireOwned(licenseId);
        return _licenses[licenseId];
    }

    /// @inheritdoc ILicenseNFT
    function keysOf(uint64 licenseId) external view returns (Keys memory) {
        _requireOwned(licenseId);
        return _keys[licenseId];
    }

    /// @inheritdoc ILicenseNFT
    function signerOf(uint64 licenseId) external view returns (address) {
        address holder = _requireOwned(licenseId);
        return _licenses[licenseId].keyed ? _keyedSigner(licenseId) : holder;
    }

    /// @inheritdoc ILicenseNFT
    function deadlinesOf(
        uint64 licenseId
    ) external view returns (uint256 settleBy, uint256 windowEnd, uint256 lapsesAfter) {
        _requireOwned(licenseId);
        (uint256 expiry, uint256 changeAt) = (_licenses[licenseId].expiry, _keys[licenseId].changeAt);
        windowEnd = _endSoFar(expiry, SETTLEMENT_WINDOW);
        lapsesAfter = _endSoFar(expiry, SETTLEMENT_WINDOW + LAPSE_PERIOD);
        settleBy = windowEnd;
        if (changeAt != 0 && _isChanging(changeAt))
            settleBy = Math.min(windowEnd, _endSoFar(changeAt - SETTLEMENT_WINDOW, SETTLEMENT_WINDOW));
    }

    /// @dev As `_endOf`, with all pauses so far even before the period is over.
    function _endSoFar(uint256 start, uint256 length) private view returns (uint256 end) {
        end = start + length;
        if (block.timestamp > start) end += GUARDIAN.pausedFor(uint48(start), uint48(block.timestamp));
    }

    /// @inheritdoc ILicenseNFT
    function refundOf(uint64 licenseId, uint64 used) external view returns (uint128) {
        _requireOwned(licenseId);
        uint128 amount = _refundOf(licenseId, used);
        return block.timestamp > _lapsesAfter(_licenses[licenseId]) ? 0 : amount;
    }

    /// @inheritdoc ILicenseNFT
    function settlementsOf(
        uint64 offerId,
        uint256[] calldata licenseIds
    ) external view returns (Settlement[] memory settlements) {
        uint256 count = licenseIds.length;
        settlements = new Settlement[](count);
        for (uint256 i; i < count; ++i) settlements[i] = _settlementOf(offerId, licenseIds[i]);
        // Returns the array from where it is in memory: Solidity would copy it word by word.
        assembly ("memory-safe") {
            let start := sub(settlements, 0x20)
            mstore(start, 0x20)
            return(start, mul(add(count, 2), 0x20))
        }
    }

    function _settlementOf(uint64 offerId, uint256 licenseId) private view returns (Settlement) {
        License storage self = _licenses[licenseId];
        (uint64 actual, uint64 prepaid, uint256 expiry, bool keyed) = (
            self.offerId,
            self.prepaid,
            self.expiry,
            self.keyed
        );
        if (actual != offerId) revert LicenseOfferMismatch(licenseId, offerId);
        if (block.timestamp > expiry + SETTLEMENT_WINDOW) _checkWindow(licenseId, expiry);
        address signer = keyed ? _keyedSigner(licenseId) : _ownerOf(licenseId);
        return SettlementLib.ofSigner(signer, prepaid);
    }

    /// @notice URI of the licensed capsule's newest version.
    function tokenURI(uint256 tokenId) public view override(ERC721, IERC721Metadata) returns (string memory) {
        _requireOwned(tokenId);
        uint64 capsuleId = TERMS.offerOf(_licenses[uint64(tokenId)].offerId).capsuleId;
        return CAPSULES.tokenURI(capsuleId);
    }

    /// @inheritdoc IERC165
    function supportsInterface(bytes4 interfaceId) public view override(ERC721, IERC165) returns (bool) {
        return interfaceId == bytes4(0x49064906) || super.supportsInterface(interfaceId);
    }
}
