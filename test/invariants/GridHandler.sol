// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {ILicenseNFT} from "../../contracts/licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../../contracts/licenses/ITermsRegistry.sol";
import {IUsageLedger} from "../../contracts/metering/IUsageLedger.sol";
import {PrivateEntry} from "../../contracts/metering/VoucherWords.sol";
import {ISettlementRouter} from "../../contracts/settlement/ISettlementRouter.sol";
import {TestUSD} from "../../contracts/settlement/TestUSD.sol";
import {GridModel} from "../utils/GridModel.sol";

/// @notice What people do with the grid. Each function does one thing that must succeed, or several that must fail,
///         and nothing if the moment does not allow it.
abstract contract GridHandler is GridModel {
    enum Action {
        Register,
        SetShares,
        TransferCapsule,
        CreateOffer,
        RetireOffer,
        Mint,
        TopUp,
        Renew,
        SetSigner,
        TransferLicense,
        RequestClose,
        Revoke,
        Settle,
        SettlePrivately,
        ConfirmSigners,
        Pause,
        PauseAcross,
        Resume,
        Wait,
        Close,
        CloseWithin,
        Lapse,
        Sweep,
        Pay,
        Claim,
        PassOn,
        Withdraw,
        Donate,
        SetApplicationShare,
        Replay,
        Forge,
        Overdraw,
        Embezzle,
        SettleLate,
        CloseEarly,
        Trespass
    }

    uint256 private constant PEOPLE = 6;
    uint64 private constant MAX_CAPSULES = 6;
    uint256 private constant MAX_OFFERS = 120;
    uint256 private constant MAX_OFFERS_FOR_SALE = 6;
    uint256 private constant MAX_OPEN_LICENSES = 12;
    address private constant STRANGER = address(0x57A6);
    address private constant APPLICATION = address(0xA9);

    mapping(Action action => uint256) public count;
    address[] private _people;
    mapping(address person => uint256) private _keys;
    address[2] private _operators = [address(0x0E01), address(0x0E02)];
    address[2] private _payees;
    ITermsRegistry.Conditions[3] private _conditions;
    bytes32[3] private _termsIds;
    IUsageLedger.OpenRow private _lastRow;
    uint64 private _lastOfferId;
    uint256 private _now;

    constructor() {
        for (uint256 i; i < PEOPLE; ++i) {
            address person = VM.addr(1_001 + i);
            _people.push(person);
            _accounts.push(person);
            _keys[person] = 1_001 + i;
            VM.prank(person);
            usd.approve(address(router), type(uint256).max);
            VM.prank(person);
            otherUsd.approve(address(router), type(uint256).max);
        }
        _payees = [address(0x9A), _people[0]];
        for (uint256 i; i < 4; ++i) _accounts.push(address(uint160(0xBE01 + i)));
        _accounts.push(_payees[0]);
        _accounts.push(APPLICATION);
        _accounts.push(COMMONS);
        _now = block.timestamp;
        _registerMetersAndTerms();
        _registerCapsules();
        for (uint8 i; i < 4; ++i) createOffer(uint256(keccak256(abi.encode("offer", i))));
    }

    function _registerMetersAndTerms() private {
        for (uint256 i; i < 2; ++i) {
            VM.prank(_operators[i]);
            ledger.registerMeter(_payees[i], "");
        }
        _conditions[0] = ITermsRegistry.Conditions(5 days, 1 days, 1_000, 0xFF, true);
        _conditions[1] = ITermsRegistry.Conditions(30 days, 0, 2 ** 32, 3, false);
        _conditions[2] = ITermsRegistry.Conditions(90 days, IRREVOCABLE, 2 ** 63, type(uint32).max, true);
        for (uint256 i; i < 3; ++i) {
            _termsIds[i] = terms.register(ITermsRegistry.Terms(_conditions[i], bytes32(0)));
        }
    }

    /// @dev A plain capsule, one nested in two roles, and a cycle that is closed in data and leaks in model.
    function _registerCapsules() private {
        _register(_people[0], new ICapsuleRegistry.ShareRow[](0));
        ICapsuleRegistry.ShareRow[] memory rows = new ICapsuleRegistry.ShareRow[](4);
        rows[0] = capsuleShare(DATA, 2, 1);
        rows[1] = share(DATA, 3, _people[1]);
        rows[2] = capsuleShare(MODEL, 5, 1);
        rows[3] = share(MODEL, 7, address(0xBE01));
        _register(_people[1], rows);
        _register(_people[2], new ICapsuleRegistry.ShareRow[](0));
        rows = new ICapsuleRegistry.ShareRow[](3);
        rows[0] = capsuleShare(DATA, 1, 3);
        rows[1] = capsuleShare(MODEL, 1, 3);
        rows[2] = capsuleShare(COMPUTE, 1, 2);
        _register(_people[3], rows);
        rows = new ICapsuleRegistry.ShareRow[](3);
        rows[0] = capsuleShare(DATA, 1, 4);
        rows[1] = capsuleShare(MODEL, 1, 4);
        rows[2] = share(MODEL, 2, address(0));
        _setShares(3, rows);
    }

    // Capsules

    function register(uint256 seed) external warped {
        if (_capsules == MAX_CAPSULES) return;
        _register(_person(seed), _randomRows(seed, 0));
        _did(Action.Register);
    }

    function _register(address owner, ICapsuleRegistry.ShareRow[] memory rows) private {
        checkEq(capsules.register(owner, registration(rows)), _capsules + 1, "Capsules count from 1");
        _modelRegister(owner, rows);
    }

    /// @dev Up to five rows: the owner, people, accounts that do nothing, and other capsules.
    function _randomRows(
        uint256 seed,
        uint64 self
    ) private view returns (ICapsuleRegistry.ShareRow[] memory rows) {
        rows = new ICapsuleRegistry.ShareRow[](seed % 6);
        for (uint256 i; i < rows.length; ++i) {
            uint256 dice = _roll(seed, i);
            uint256 role = dice % 3;
            uint64 units = (dice >> 8) % 4 == 0 ? type(uint64).max : uint64(bound(dice >> 16, 1, 9));
            uint64 other = uint64(bound(dice >> 80, 1, _capsules));
            bool named = (dice >> 72) % 2 == 0 && other != self;
            rows[i] =
                named ? capsuleShare(role, units, other) : share(role, units, _beneficiary(dice >> 160));
        }
    }

    function _beneficiary(uint256 seed) private view returns (address) {
        uint256 number = seed % (_accounts.length + 3);
        return number < _accounts.length ? _accounts[number] : address(0);
    }

    function setShares(uint256 seed) external warped {
        uint64 id = _capsule(seed >> 128);
        _setShares(id, _randomRows(seed, id));
        _did(Action.SetShares);
    }

    function _setShares(uint64 id, ICapsuleRegistry.ShareRow[] memory rows) private {
        address owner = _ownerOf(id);
        _modelNextVersion(id, owner, rows);
        VM.prank(owner);
        capsules.setShares(id, rows);
    }

    function transferCapsule(uint256 seed) external warped {
        uint64 id = _capsule(seed);
        (address from, address to) = (_ownerOf(id), _person(seed >> 64));
        _modelNextVersion(id, to, _shares[id][_current[id]].rows);
        VM.prank(from);
        capsules.transferFrom(from, to, id);
        _did(Action.TransferCapsule);
    }

    // Offers

    function createOffer(uint256 seed) public warped {
        if (_offers.length == MAX_OFFERS || _offersForSale() == MAX_OFFERS_FOR_SALE) return;
        uint256 dice = _roll(seed, 0);
        uint64 id = _capsule(dice);
        uint8 kind = uint8((dice >> 16) % 3);
        uint96 price = uint96([0, 1, 7, 25, bound(dice >> 128, 1, 10 ** 6), 13, 1, 3][(dice >> 24) % 8]);
        uint32 meterId = uint32(1 + ((dice >> 32) % 2));
        TestUSD token = (dice >> 40) % 2 == 0 ? usd : otherUsd;
        address application = [address(0), APPLICATION, _people[2], APPLICATION][(dice >> 48) % 4];
        bool isPrivate = (dice >> 56) % 3 == 0;
        VM.prank(_ownerOf(id));
        terms.createOffer(
            id,
            _termsIds[kind],
            ITermsRegistry.OfferParams(
                address(ledger),
                meterId,
                address(token),
                price,
                1,
                application,
                isPrivate ? ITermsRegistry.Mode.Private : ITermsRegistry.Mode.Open
            )
        );
        OfferModel storage offer = _offers.push();
        (offer.capsuleId, offer.meterId, offer.token, offer.price) = (id, meterId, token, price);
        (offer.terms, offer.application, offer.isPrivate) = (kind, application, isPrivate);
        _did(Action.CreateOffer);
    }

    function retireOffer(uint256 seed) external warped {
        uint64 offerId = _offer(seed);
        // What is retired sells nothing: let some stand.
        if (_offersForSale() <= MAX_OFFERS_FOR_SALE / 2) return;
        _retire(offerId);
    }

    function _offersForSale() private view returns (uint256 number) {
        for (uint256 i; i < _offers.length; ++i) if (!_offers[i].retired) ++number;
    }

    function _retire(uint64 offerId) private {
        VM.prank(_ownerOf(_offers[offerId - 1].capsuleId));
        terms.retireOffer(offerId);
        _offers[offerId - 1].retired = true;
        _did(Action.RetireOffer);
    }

    // Licenses

    function mint(uint256 seed) external warped {
        uint64 offerId = _offer(seed);
        if (offerId == 0 || _openLicenses.length == MAX_OPEN_LICENSES) return;
        OfferModel storage offer = _offers[offerId - 1];
        uint64 units = _amountOfUnits(seed >> 64, _conditions[offer.terms].maxUnits);
        (address payer, address to) = (_person(seed >> 128), _person(seed >> 136));
        address signer = (seed >> 144) % 2 == 0 ? address(0) : _person(seed >> 152);
        uint128 price = uint128(_fund(offer, payer, units));
        VM.prank(payer);
        uint64 id = licenses.mint(ILicenseNFT.MintParams(offerId, to, signer, units, price), "");
        LicenseModel storage license = _licenses.push();
        (license.offerId, license.prepaid, license.holder) = (offerId, units, to);
        license.signer = signer == address(0) ? to : signer;
        license.expiry = block.timestamp + _conditions[offer.terms].duration;
        _openLicenses.push(id);
        ++offer.open;
        _did(Action.Mint);
    }

    function _amountOfUnits(uint256 seed, uint256 maximum) private pure returns (uint64) {
        return
            uint64(
                bound(
                    seed,
                    1,
                    seed % 3 == 0
                        ? maximum
                        : maximum < 100
                            ? maximum
                            : 100
                )
            );
    }

    function _fund(OfferModel storage offer, address payer, uint256 units) private returns (uint256 price) {
        price = units * offer.price;
        offer.token.mint(payer, price);
        _paidIn[offer.token] += price;
    }

    function topUp(uint256 seed) external warped {
        uint64 id = _find(seed, _canAddUnits);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint256 room = _conditions[offer.terms].maxUnits - license.prepaid;
        if (room == 0) return;
        uint64 units = _amountOfUnits(seed >> 64, room);
        // Anyone pays, but where nothing is to pay the holder alone adds.
        address payer = offer.price == 0 ? license.holder : _person(seed >> 128);
        uint256 price = _fund(offer, payer, units);
        VM.prank(payer);
        licenses.topUp(id, units, uint128(price), "");
        license.prepaid += units;
        _did(Action.TopUp);
    }

    function _canAddUnits(LicenseModel storage license) internal view returns (bool) {
        return
            !license.closing &&
            !_offers[license.offerId - 1].retired &&
            block.timestamp <= _windowEnd(license);
    }

    function renew(uint256 seed) external warped {
        uint64 id = _find(seed, _canAddUnits);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint256 room = _conditions[offer.terms].maxUnits - license.prepaid;
        if (room == 0) return;
        uint64 units = _amountOfUnits(seed >> 64, room);
        uint256 price = _fund(offer, license.holder, units);
        VM.prank(license.holder);
        licenses.renew(id, units, uint128(price), "");
        license.prepaid += units;
        license.expiry = block.timestamp + _conditions[offer.terms].duration;
        _did(Action.Renew);
    }

    function setSigner(uint256 seed) external warped {
        uint64 id = _find(seed, _any);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        address signer = _person(seed >> 64);
        VM.prank(license.holder);
        licenses.setSigner(id, signer);
        _modelSignerChange(license, signer);
        _did(Action.SetSigner);
    }

    function _any(LicenseModel storage) internal pure returns (bool) {
        return true;
    }

    function transferLicense(uint256 seed) external warped {
        uint64 id = _find(seed, _isTransferable);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        address to = _person(seed >> 64);
        VM.prank(license.holder);
        licenses.transferFrom(license.holder, to, id);
        license.holder = to;
        _modelSignerChange(license, to);
        _did(Action.TransferLicense);
    }

    function _isTransferable(LicenseModel storage license) internal view returns (bool) {
        return _conditions[_offers[license.offerId - 1].terms].transferable;
    }

    function requestClose(uint256 seed) external warped {
        uint64 id = _find(seed, _isInService);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        VM.prank(license.holder);
        licenses.requestClose(id);
        (license.closing, license.expiry) = (true, block.timestamp);
        _did(Action.RequestClose);
    }

    function _isInService(LicenseModel storage license) internal view returns (bool) {
        return block.timestamp < license.expiry;
    }

    function revoke(uint256 seed) external warped {
        uint64 id = _find(seed, _isRevocable);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        VM.prank(_ownerOf(offer.capsuleId));
        licenses.revoke(id);
        uint256 end = block.timestamp + _conditions[offer.terms].revocationNotice;
        if (end < license.expiry) license.expiry = end;
        license.closing = true;
        _did(Action.Revoke);
    }

    function _isRevocable(LicenseModel storage license) internal view returns (bool) {
        return
            !license.closing &&
            _conditions[_offers[license.offerId - 1].terms].revocationNotice != IRREVOCABLE;
    }

    // Metering

    /// @dev Up to five vouchers of one offer; a license may appear more than once.
    function settle(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettle);
        if (id == 0) return;
        uint64 offerId = _licenses[id - 1].offerId;
        IUsageLedger.OpenRow[] memory rows = new IUsageLedger.OpenRow[](5);
        uint256 count_;
        uint256 units;
        for (uint256 i; i < 5; ++i) {
            (uint64 next, uint256 dice) = (_find(_roll(seed, i), _canSettle), _roll(seed, 100 + i));
            if (i == 0) next = id;
            if (next == 0 || _licenses[next - 1].offerId != offerId) continue;
            uint256 increase;
            (rows[count_++], increase) = _use(next, dice);
            units += increase;
        }
        _settleRows(offerId, rows, count_, units);
        _did(Action.Settle);
    }

    function _canSettle(LicenseModel storage license) internal view returns (bool) {
        return !_offers[license.offerId - 1].isPrivate && _hasUnitsToSettle(license);
    }

    function _hasUnitsToSettle(LicenseModel storage license) private view returns (bool) {
        return !_isPaused() && _isWindowOpen(license) && license.used < license.prepaid;
    }

    function _use(uint64 id, uint256 dice) private returns (IUsageLedger.OpenRow memory row, uint256 units) {
        LicenseModel storage license = _licenses[id - 1];
        units = _increase(license, dice);
        uint32 allowed = _conditions[_offers[license.offerId - 1].terms].contexts;
        license.contexts |= uint32(dice >> 200) & allowed;
        license.used += units;
        _offers[license.offerId - 1].settledUnits += units;
        row = voucher(_keys[_signerNow(license)], id, uint64(license.used), license.contexts);
    }

    /// @dev Mostly little, so that something is left to refund when a license ends.
    function _increase(LicenseModel storage license, uint256 dice) private view returns (uint256) {
        uint256 left = license.prepaid - license.used;
        return dice % 16 == 0 ? left : bound(dice >> 8, 1, dice % 4 == 0 ? (left + 3) / 4 : (left + 31) / 32);
    }

    function _settleRows(
        uint64 offerId,
        IUsageLedger.OpenRow[] memory rows,
        uint256 length,
        uint256 units
    ) private {
        OfferModel storage offer = _offers[offerId - 1];
        IUsageLedger.OpenBatch[] memory batches = new IUsageLedger.OpenBatch[](1);
        batches[0] = IUsageLedger.OpenBatch(offerId, new IUsageLedger.OpenRow[](length));
        for (uint256 i; i < length; ++i) batches[0].rows[i] = rows[i];
        VM.prank(_operators[offer.meterId - 1]);
        ledger.settleOpen(offer.meterId, batches);
        _modelRelease(offerId, units, _payees[offer.meterId - 1]);
        (_lastRow, _lastOfferId) = (rows[length - 1], offerId);
    }

    /// @dev Licenses of one offer, every third of them a cover.
    function settlePrivately(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettlePrivately);
        if (id == 0) return;
        uint64 offerId = _licenses[id - 1].offerId;
        IUsageLedger.PrivateRow[] memory rows = new IUsageLedger.PrivateRow[](16);
        uint256 length;
        uint256 units;
        // A total has 64 bits, and so much a license may be prepaid for.
        for (uint64 next = 1; next <= _licenses.length && length < 16 && units < 2 ** 63; ++next) {
            LicenseModel storage license = _licenses[next - 1];
            if (license.burned || license.offerId != offerId || !_canSettlePrivately(license)) continue;
            uint256 increase;
            (rows[length++], increase) = _usePrivately(next, _roll(seed, next));
            units += increase;
        }
        OfferModel storage offer = _offers[offerId - 1];
        offer.settledUnits += units;
        check(_settlePrivate(offerId, rows, length, units), "What the signers signed settles");
        _modelRelease(offerId, units, _payees[offer.meterId - 1]);
        _did(Action.SettlePrivately);
    }

    function _canSettlePrivately(LicenseModel storage license) internal view returns (bool) {
        return _offers[license.offerId - 1].isPrivate && _hasUnitsToSettle(license);
    }

    function _usePrivately(
        uint64 id,
        uint256 dice
    ) private returns (IUsageLedger.PrivateRow memory row, uint256 units) {
        LicenseModel storage license = _licenses[id - 1];
        units = dice % 3 == 0 ? 0 : _increase(license, dice >> 8);
        license.used += units;
        license.word = bytes32(dice >> 3);
        row = _privateRow(id, license);
    }

    function _privateRow(
        uint64 id,
        LicenseModel storage license
    ) private view returns (IUsageLedger.PrivateRow memory) {
        bytes32 entry = bytes32((uint256(id) << 64) | license.prepaid);
        (bytes32 r, bytes32 vs) = signUsage(address(ledger), _keys[_signerNow(license)], id, license.word);
        return IUsageLedger.PrivateRow(PrivateEntry.wrap(entry), license.word, r, vs);
    }

    function _settlePrivate(
        uint64 offerId,
        IUsageLedger.PrivateRow[] memory rows,
        uint256 length,
        uint256 units
    ) private returns (bool) {
        uint32 meterId = _offers[offerId - 1].meterId;
        IUsageLedger.PrivateBatch[] memory batches = new IUsageLedger.PrivateBatch[](1);
        batches[0] = IUsageLedger.PrivateBatch(offerId, uint64(units), new IUsageLedger.PrivateRow[](length));
        for (uint256 i; i < length; ++i) batches[0].rows[i] = rows[i];
        IUsageLedger.Groth16Proof memory proof;
        VM.prank(_operators[meterId - 1]);
        try ledger.settlePrivate(meterId, 0, batches, 1, proof) {
            return true;
        } catch {
            return false;
        }
    }

    function confirmSigners(uint256 seed) external warped {
        uint64 id = _find(seed, _isSignerChanging);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        uint32 meterId = _offers[license.offerId - 1].meterId;
        IUsageLedger.SignerChange[] memory changes = new IUsageLedger.SignerChange[](1);
        changes[0] = IUsageLedger.SignerChange(id, uint40(license.changeAt));
        VM.prank(_operators[meterId - 1]);
        ledger.confirmSigners(meterId, changes);
        (license.signer, license.changeAt) = (license.pending, 0);
        _did(Action.ConfirmSigners);
    }

    function _isSignerChanging(LicenseModel storage license) internal view returns (bool) {
        return license.changeAt != 0;
    }

    // Pausing

    /// @dev Mostly for hours, as long as the guardian lets the council.
    function pause(uint256 seed) external warped {
        if (_pause(seed)) _did(Action.Pause);
    }

    function _pause(uint256 seed) private returns (bool ok) {
        if (_isPaused()) return false;
        uint48 duration = uint48(bound(seed >> 8, 1, seed % 8 == 0 ? 7 days : 12 hours));
        VM.prank(COUNCIL);
        (ok, ) = address(guardian).call(abi.encodeCall(guardian.pause, (duration)));
        if (ok) _pauses.push(PauseModel(block.timestamp, block.timestamp + duration));
    }

    /// @dev What could be settled when a pause began can be settled when it is over, and cannot be closed before.
    function pauseAcross(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettle);
        if (id == 0 || !_pause(seed >> 16)) return;
        IUsageLedger.OpenRow[] memory rows = new IUsageLedger.OpenRow[](1);
        uint256 units;
        (rows[0], units) = _use(id, _roll(seed, 1));
        uint64 offerId = _licenses[id - 1].offerId;
        PauseModel storage last = _pauses[_pauses.length - 1];
        _now = bound(seed >> 128, last.start, last.end - 1);
        VM.warp(_now);
        _mustNotSettle(offerId, rows[0], "Nothing settles in a pause");
        _mustFail(address(ledger), abi.encodeCall(ledger.close, (id)));
        if ((seed >> 8) % 2 == 0) _resume();
        else _now = last.end;
        VM.warp(_now);
        _settleRows(offerId, rows, 1, units);
        _did(Action.PauseAcross);
    }

    function resume(uint256) external warped {
        if (!_isPaused()) return;
        _resume();
        _did(Action.Resume);
    }

    function _resume() private {
        VM.prank(COUNCIL);
        guardian.resume();
        _pauses[_pauses.length - 1].end = block.timestamp;
    }

    // Ending

    /// @dev Mostly hours, sometimes more than a settlement window, seldom more than the lapse period; and every third
    ///      time to the last second of a period, or to the first after it.
    function wait(uint256 seed) external {
        uint256 longest =
            seed % 32 == 0
                ? 400 days
                : seed % 4 == 0
                    ? 6 days
                    : 12 hours;
        uint256 moment = (seed >> 8) % 3 == 0 && _openLicenses.length != 0 ? _moment(seed >> 16) : 0;
        _now = moment > _now ? moment : _now + bound(seed >> 32, 1, longest);
        _did(Action.Wait);
    }

    function _moment(uint256 seed) private view returns (uint256) {
        LicenseModel storage license = _licenses[_openLicenses[seed % _openLicenses.length] - 1];
        uint256 end = [_changeEnd(license), _windowEnd(license), license.expiry, _lapsesAfter(license)][
            (seed >> 64) % 4
        ];
        return end + ((seed >> 72) % 2);
    }

    function close(uint256 seed) external warped {
        uint64 id = _find(seed, _canClose);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        VM.prank(_person(seed >> 64));
        ledger.close(id);
        _withdrawable[license.holder][offer.token] += (license.prepaid - license.used) * offer.price;
        _modelBurn(id);
        _did(Action.Close);
    }

    function _canClose(LicenseModel storage license) internal view returns (bool) {
        return license.word == 0 && _isInClosingTime(license);
    }

    function _isInClosingTime(LicenseModel storage license) private view returns (bool) {
        return block.timestamp > _windowEnd(license) && block.timestamp <= _lapsesAfter(license);
    }

    /// @dev What lies between use and bound stays with the offer.
    function closeWithin(uint256 seed) external warped {
        uint64 id = _find(seed, _canCloseWithin);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        OfferModel storage offer = _offers[license.offerId - 1];
        uint256 maxUnits = bound(seed >> 64, license.used, license.prepaid);
        IUsageLedger.Groth16Proof memory proof;
        _mustFail(address(ledger), abi.encodeCall(ledger.close, (id)));
        _mustFail(address(ledger), abi.encodeCall(ledger.closeWithin, (id, uint64(maxUnits), proof, "")));
        VM.prank(license.holder);
        ledger.closeWithin(id, uint64(maxUnits), proof, "");
        _withdrawable[license.holder][offer.token] += (license.prepaid - maxUnits) * offer.price;
        offer.lapsed += (maxUnits - license.used) * offer.price;
        _modelBurn(id);
        _did(Action.CloseWithin);
    }

    function _canCloseWithin(LicenseModel storage license) internal view returns (bool) {
        return license.word != 0 && _isInClosingTime(license);
    }

    /// @dev All of them, so that an offer is sometimes left without licenses.
    function lapse(uint256 seed) external warped {
        for (uint64 id = _find(seed, _hasLapsed); id != 0; id = _find(seed, _hasLapsed)) {
            LicenseModel storage license = _licenses[id - 1];
            OfferModel storage offer = _offers[license.offerId - 1];
            VM.prank(_person(seed >> 64));
            licenses.lapse(id);
            offer.lapsed += (license.prepaid - license.used) * offer.price;
            _modelBurn(id);
            _did(Action.Lapse);
        }
    }

    function _hasLapsed(LicenseModel storage license) internal view returns (bool) {
        return block.timestamp > _lapsesAfter(license);
    }

    /// @dev Owners retire what lapsed licenses left something in; it is swept once the other licenses are closed.
    function sweep(uint256 seed) external warped {
        for (uint64 i; i < _offers.length; ++i) {
            uint64 offerId = uint64(((seed % 1_000) + i) % _offers.length) + 1;
            OfferModel storage offer = _offers[offerId - 1];
            if (offer.lapsed == 0) continue;
            if (!offer.retired) _retire(offerId);
            if (offer.open != 0) continue;
            VM.prank(_person(seed >> 64));
            router.sweep(offerId);
            _modelPay(offer.capsuleId, offer.token, offer.lapsed);
            offer.lapsed = 0;
            _did(Action.Sweep);
            return;
        }
    }

    // Money

    function pay(uint256 seed) external warped {
        uint64 id = _capsule(seed);
        TestUSD token = (seed >> 64) % 2 == 0 ? usd : otherUsd;
        uint256 amount = bound(seed >> 72, 1, (seed >> 65) % 2 == 0 ? 30 : 2 ** 90);
        address payer = _person(seed >> 168);
        token.mint(payer, amount);
        _paidIn[token] += amount;
        VM.prank(payer);
        router.pay(id, address(token), uint128(amount), "");
        _modelPay(id, token, amount);
        _did(Action.Pay);
    }

    function claim(uint256 seed) external warped {
        if (_openBooks.length == 0) return;
        (BookKey memory key, uint256 first, uint256 number) = _randomRange(seed);
        address[] memory payees = new address[](number);
        uint256[] memory owed = new uint256[](number);
        uint256[] memory expected = new uint256[](number);
        uint256 sum;
        for (uint256 i; i < number; ++i) {
            payees[i] = _payeeOf(key, first + i);
            if (payees[i] == address(0)) continue;
            owed[i] = _take(key, first + i);
            sum += owed[i];
        }
        for (uint256 i; i < number; ++i) {
            expected[i] = key.token.balanceOf(payees[i]);
            for (uint256 j; j < number; ++j) if (payees[j] == payees[i]) expected[i] += owed[j];
        }
        VM.prank(STRANGER);
        router.claim(claimRange(key.capsuleId, key.version, address(key.token), first, number));
        for (uint256 i; i < number; ++i) {
            checkEq(
                key.token.balanceOf(payees[i]),
                expected[i],
                "A claim pays each beneficiary what its rows earned and did not take"
            );
        }
        _paidOut[key.token] += sum;
        if (sum != 0) _did(Action.Claim);
    }

    function _randomRange(
        uint256 seed
    ) private view returns (BookKey memory key, uint256 first, uint256 number) {
        key = _openBooks[seed % _openBooks.length];
        uint256 rows = _shares[key.capsuleId][key.version].rows.length;
        first = bound(seed >> 64, 0, rows);
        number = bound(seed >> 128, 1, rows + 1 - first);
    }

    /// @dev Who is paid for an earner's part, or zero if a capsule is.
    function _payeeOf(BookKey memory key, uint256 earner) private view returns (address) {
        if (earner == 0) return COMMONS;
        ICapsuleRegistry.ShareRow storage row = _shares[key.capsuleId][key.version].rows[earner - 1];
        if (row.capsuleId != 0) return address(0);
        return row.account == address(0) ? _shares[key.capsuleId][key.version].owner : row.account;
    }

    function _take(BookKey memory key, uint256 earner) private returns (uint256 amount) {
        mapping(uint256 => uint256) storage taken = _taken[key.capsuleId][key.version][key.token];
        amount = _earned(key.capsuleId, key.version, key.token, earner) - taken[earner];
        taken[earner] += amount;
    }

    function passOn(uint256 seed) external warped {
        for (uint256 i; i < _openBooks.length; ++i) {
            // Few rows name a capsule: go on until one has something to pass on.
            (BookKey memory key, uint256 first, uint256 number) = _randomRange(_roll(seed, i));
            if (_passOn(key, first, number) != 0) return _did(Action.PassOn);
        }
    }

    function _passOn(BookKey memory key, uint256 first, uint256 number) private returns (uint256 sum) {
        uint256[] memory amounts = new uint256[](number);
        for (uint256 i; i < number; ++i) {
            if (_payeeOf(key, first + i) == address(0)) amounts[i] = _take(key, first + i);
            sum += amounts[i];
        }
        if (sum == 0) return 0;
        VM.prank(STRANGER);
        router.passOn(claimRange(key.capsuleId, key.version, address(key.token), first, number));
        for (uint256 i; i < number; ++i) {
            if (amounts[i] == 0) continue;
            ICapsuleRegistry.ShareRow storage row = _shares[key.capsuleId][key.version].rows[first + i - 1];
            _modelInbound(row.capsuleId, uint256(row.role), key.token, amounts[i]);
        }
    }

    function withdraw(uint256 seed) external warped {
        TestUSD token = seed % 2 == 0 ? usd : otherUsd;
        for (uint256 i; i < _accounts.length; ++i) {
            address account = _accounts[((seed >> 8) + i) % _accounts.length];
            uint256 amount = _withdrawable[account][token];
            if (amount == 0) continue;
            uint256 before = token.balanceOf(account);
            VM.prank(STRANGER);
            router.withdraw(account, address(token));
            checkEq(token.balanceOf(account) - before, amount, "A withdrawal pays what was withdrawable");
            _withdrawable[account][token] = 0;
            _paidOut[token] += amount;
            return _did(Action.Withdraw);
        }
    }

    function donate(uint256 seed) external warped {
        TestUSD token = seed % 2 == 0 ? usd : otherUsd;
        uint256 amount = bound(seed >> 8, 1, 2 ** 60);
        token.mint(STRANGER, amount);
        VM.prank(STRANGER);
        check(token.transfer(address(router), amount), "Anybody can send tokens unasked");
        _donated[token] += amount;
        _did(Action.Donate);
    }

    function setApplicationShare(uint256 seed) external warped {
        _applicationBps = uint16(bound(seed, 0, 5_000));
        VM.prank(ADMIN);
        router.setApplicationShare(_applicationBps);
        _did(Action.SetApplicationShare);
    }

    // What must fail

    function replay(uint256) external warped {
        if (_lastOfferId == 0) return;
        _mustNotSettle(_lastOfferId, _lastRow, "A voucher counts once");
        _did(Action.Replay);
    }

    function _mustNotSettle(uint64 offerId, IUsageLedger.OpenRow memory row, string memory sentence) private {
        uint32 meterId = _offers[offerId - 1].meterId;
        IUsageLedger.OpenBatch[] memory batches = singleBatch(offerId, row);
        VM.prank(_operators[meterId - 1]);
        try ledger.settleOpen(meterId, batches) {
            check(false, sentence);
        } catch {}
    }

    function forge(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettle);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        address liar = _person(seed >> 64);
        if (liar == _signerNow(license)) return;
        _mustNotSettle(
            license.offerId,
            voucher(_keys[liar], id, uint64(license.used + 1), license.contexts),
            "Only the signer's vouchers settle"
        );
        _did(Action.Forge);
    }

    function overdraw(uint256 seed) external warped {
        uint64 id = _find(seed, _isOpenMode);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        uint64 units = uint64(bound(seed >> 64, uint256(license.prepaid) + 1, type(uint64).max));
        _mustNotSettle(
            license.offerId,
            voucher(_keys[_signerNow(license)], id, units, license.contexts),
            "No voucher settles more than is prepaid"
        );
        _did(Action.Overdraw);
    }

    /// @dev Whatever a meter with a forged proof says, it gets no more than its own offer's escrow.
    function embezzle(uint256 seed) external warped {
        uint64 id = _find(seed, _canSettlePrivately);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        uint256 price = _offers[license.offerId - 1].price;
        if (price == 0) return;
        uint256 least = router.escrowOf(license.offerId).balance / price + 1;
        if (least > type(uint64).max) return;
        bytes32 word = license.word;
        license.word = bytes32(uint256(1));
        IUsageLedger.PrivateRow[] memory rows = new IUsageLedger.PrivateRow[](1);
        rows[0] = _privateRow(id, license);
        license.word = word;
        check(
            !_settlePrivate(license.offerId, rows, 1, bound(seed >> 64, least, type(uint64).max)),
            "No proof releases more than an offer's escrow"
        );
        _did(Action.Embezzle);
    }

    function _isOpenMode(LicenseModel storage license) internal view returns (bool) {
        return !_offers[license.offerId - 1].isPrivate;
    }

    function settleLate(uint256 seed) external warped {
        uint64 id = _find(seed, _isWindowOver);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        _mustNotSettle(
            license.offerId,
            voucher(_keys[_signerNow(license)], id, uint64(license.used + 1), license.contexts),
            "Nothing settles after the window"
        );
        _did(Action.SettleLate);
    }

    function _isWindowOver(LicenseModel storage license) internal view returns (bool) {
        return
            block.timestamp > _windowEnd(license) &&
            license.used < license.prepaid &&
            !_offers[license.offerId - 1].isPrivate;
    }

    function closeEarly(uint256 seed) external warped {
        uint64 id = _find(seed, _isWindowOpen);
        if (id == 0) return;
        _mustFail(address(ledger), abi.encodeCall(ledger.close, (id)));
        _mustFail(address(licenses), abi.encodeCall(licenses.lapse, (id)));
        _did(Action.CloseEarly);
    }

    function _isWindowOpen(LicenseModel storage license) internal view returns (bool) {
        return block.timestamp <= _windowEnd(license);
    }

    /// @dev Doors that are closed to strangers.
    function trespass(uint256 seed) external warped {
        uint64 offerId = uint64(seed % _offers.length) + 1;
        uint64 capsuleId = _capsule(seed);
        uint64 id = _openLicenses.length == 0 ? 1 : _openLicenses[seed % _openLicenses.length];
        bytes[9] memory calls = [
            abi.encodeCall(router.release, (offerId, 0, STRANGER)),
            abi.encodeCall(router.refund, (offerId, STRANGER, 0)),
            abi.encodeCall(router.setApplicationShare, (5_000)),
            abi.encodeCall(router.setLicenses, (STRANGER)),
            abi.encodeCall(licenses.close, (id, 0)),
            abi.encodeCall(licenses.confirmSigner, (id, uint40(1))),
            abi.encodeCall(licenses.setSigner, (id, STRANGER)),
            abi.encodeCall(licenses.requestClose, (id)),
            abi.encodeCall(licenses.revoke, (id))
        ];
        for (uint256 i; i < 9; ++i) _mustFail(i < 4 ? address(router) : address(licenses), calls[i]);
        _mustFail(
            address(capsules),
            abi.encodeCall(capsules.setShares, (capsuleId, new ICapsuleRegistry.ShareRow[](0)))
        );
        _mustFail(address(terms), abi.encodeCall(terms.retireOffer, (offerId)));
        if (_offers[offerId - 1].open != 0) {
            _mustFail(address(router), abi.encodeCall(router.sweep, (offerId)));
        }
        ISettlementRouter.Deposit memory order = ISettlementRouter.Deposit(
            offerId,
            true,
            address(usd),
            0,
            STRANGER,
            bytes32(0)
        );
        _mustFail(address(router), abi.encodeCall(router.deposit, (order, "")));
        _did(Action.Trespass);
    }

    function _mustFail(address target, bytes memory data) private {
        VM.prank(STRANGER);
        (bool ok, ) = target.call(data);
        check(!ok, "What is not a stranger's to do, or not yet, fails");
    }

    // Choosing

    /// @dev Time passes by `wait` only, whatever the runner does between calls.
    modifier warped() {
        VM.warp(_now);
        _;
    }

    function _did(Action action) private {
        ++count[action];
    }

    function _roll(uint256 seed, uint256 number) private pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, number)));
    }

    function _person(uint256 seed) private view returns (address) {
        return _people[seed % PEOPLE];
    }

    function _capsule(uint256 seed) private view returns (uint64) {
        return uint64(seed % _capsules) + 1;
    }

    /// @dev An offer for sale, or 0.
    function _offer(uint256 seed) private view returns (uint64) {
        for (uint256 i; i < _offers.length; ++i) {
            uint256 index = ((seed % 1_000) + i) % _offers.length;
            if (!_offers[index].retired) return uint64(index) + 1;
        }
        return 0;
    }

    /// @dev A license that is not closed and of which `holds` is true, or 0.
    function _find(
        uint256 seed,
        function(LicenseModel storage) view returns (bool) holds
    ) private view returns (uint64) {
        for (uint256 i; i < _openLicenses.length; ++i) {
            uint64 id = _openLicenses[((seed % 1_000) + i) % _openLicenses.length];
            if (holds(_licenses[id - 1])) return id;
        }
        return 0;
    }
}
