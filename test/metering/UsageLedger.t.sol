// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {ILicenseNFT} from "../../contracts/licenses/ILicenseNFT.sol";
import {ITermsRegistry} from "../../contracts/licenses/ITermsRegistry.sol";
import {IUsageLedger} from "../../contracts/metering/IUsageLedger.sol";
import {OpenEntry} from "../../contracts/metering/VoucherWords.sol";
import {GridTest} from "../utils/GridTest.sol";

contract UsageLedgerTest is GridTest {
    uint256 private constant CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;
    uint48 private constant MAX_UNITS = 1_000_000;
    uint64 private constant PREPAID = 10_000;
    uint96 private constant PRICE = 25;
    uint32 private constant CONTEXTS = 0xF0F;
    uint40 private constant DURATION = 30 days;
    uint256 private constant KEY = 0xB0B;

    address private constant OPERATOR = address(0x0E);
    address private constant PAYEE = address(0x9A);
    address private constant CREATOR = address(0xC4);

    uint64 private _offerId;
    uint64 private _licenseId;
    uint256 private _expiry;

    function setUp() public {
        VM.prank(OPERATOR);
        ledger.registerMeter(OPERATOR, PAYEE, "");
        VM.prank(CREATOR);
        (, _offerId) = terms.publish(
            registration(new ICapsuleRegistry.ShareRow[](0)),
            ITermsRegistry.Terms(
                ITermsRegistry.Conditions(DURATION, 1 days, MAX_UNITS, CONTEXTS, 0, true, false),
                bytes32(0)
            ),
            ITermsRegistry.OfferParams(
                address(ledger),
                1,
                address(usd),
                PRICE * uint96(MILLION),
                1,
                address(0),
                ITermsRegistry.Mode.Open
            )
        );
        _licenseId = mintLicense(_offerId, VM.addr(KEY), address(0), PREPAID);
        _expiry = block.timestamp + DURATION;
    }

    function testFuzz_OnlyTheSignersVoucherSettles(uint256 key, uint64 units) public {
        key = bound(key, 1, CURVE_ORDER - 1);
        units = uint64(bound(units, 1, PREPAID));
        IUsageLedger.OpenRow memory row = voucher(key, _licenseId, units, 1);
        if (key != KEY) _expectError(IUsageLedger.VoucherSignatureInvalid.selector, VM.addr(KEY));
        _settle(row);
        _checkUsage(key == KEY ? units : 0, key == KEY ? 1 : 0);

        if (key != KEY) _settle(voucher(KEY, _licenseId, units, 1));
        _checkUsage(units, 1);
    }

    /// @dev A signature is valid for one entry and one signer only.
    function testFuzz_AnyChangedBitSpoilsAVoucher(uint256 bit, uint64 units) public {
        units = uint64(bound(units, 1, PREPAID));
        IUsageLedger.OpenRow memory row = voucher(KEY, _licenseId, units, 1);
        bit = bound(bit, 0, 511);
        if (bit < 256) row.r ^= bytes32(1 << bit);
        else row.vs ^= bytes32(1 << (bit - 256));
        _expectError(IUsageLedger.VoucherSignatureInvalid.selector, VM.addr(KEY));
        _settle(row);
        _checkUsage(0, 0);
    }

    function testFuzz_AnyOtherEntryNeedsItsOwnSignature(uint64 units, uint64 claimed) public {
        units = uint64(bound(units, 1, PREPAID));
        claimed = uint64(bound(claimed, 1, PREPAID));
        VM.assume(units != claimed);
        IUsageLedger.OpenRow memory row = voucher(KEY, _licenseId, units, 1);
        row.entry = voucher(KEY, _licenseId, claimed, 1).entry;
        _expectError(IUsageLedger.VoucherSignatureInvalid.selector, VM.addr(KEY));
        _settle(row);
    }

    function testFuzz_UnitsIncreaseUpToWhatIsPrepaid(uint64 first, uint64 second) public {
        first = uint64(bound(first, 1, PREPAID));
        // Half of the second counts are near the first or the limit, the others anywhere.
        if (second % 4 == 0) second = uint64(bound(second / 4, first - 1, first + 1));
        else if (second % 4 == 1) second = uint64(bound(second / 4, PREPAID - 1, PREPAID + 1));
        _settle(voucher(KEY, _licenseId, first, 1));

        IUsageLedger.OpenRow memory row = voucher(KEY, _licenseId, second, 1);
        bool isNewer = second > first;
        bool isPrepaid = second <= PREPAID;
        if (!isNewer) {
            VM.expectRevert(
                abi.encodeWithSelector(IUsageLedger.VoucherNotNewer.selector, _licenseId, first, second)
            );
        } else if (!isPrepaid) {
            VM.expectRevert(
                abi.encodeWithSelector(
                    IUsageLedger.VoucherExceedsPrepaid.selector,
                    _licenseId,
                    second,
                    PREPAID
                )
            );
        }
        _settle(row);
        _checkUsage(isNewer && isPrepaid ? second : first, 1);
    }

    function testFuzz_ContextsGrowWithinTheTerms(uint32 first, uint32 second) public {
        first = first & CONTEXTS;
        // Contexts outside the terms are common enough in 32 random bits; make those within common, too.
        if (second % 2 == 0) second = (second & CONTEXTS) | (second % 4 == 0 ? first : 0);
        _settle(voucher(KEY, _licenseId, 1, first));

        IUsageLedger.OpenRow memory row = voucher(KEY, _licenseId, 2, second);
        bool isSuperset = first | second == second;
        bool isAllowed = second | CONTEXTS == CONTEXTS;
        if (!isSuperset) {
            VM.expectRevert(
                abi.encodeWithSelector(
                    IUsageLedger.VoucherContextsDropped.selector,
                    _licenseId,
                    first,
                    second
                )
            );
        } else if (!isAllowed) {
            VM.expectRevert(
                abi.encodeWithSelector(
                    IUsageLedger.VoucherContextsNotAllowed.selector,
                    _licenseId,
                    second,
                    CONTEXTS
                )
            );
        }
        _settle(row);
        bool settles = isSuperset && isAllowed;
        _checkUsage(settles ? 2 : 1, settles ? second : first);
    }

    function testFuzz_VouchersSettleUntilTheWindowEnds(uint256 time) public {
        uint256 windowEnd = _expiry + WINDOW;
        time =
            time % 3 == 0
                ? bound(time / 3, windowEnd - 1, windowEnd + 1)
                : bound(time, block.timestamp, windowEnd + LAPSE);
        IUsageLedger.OpenRow memory row = voucher(KEY, _licenseId, 5, 1);
        VM.warp(time);
        bool isOpen = time <= windowEnd;
        if (!isOpen) {
            VM.expectRevert(
                abi.encodeWithSelector(ILicenseNFT.LicenseWindowOver.selector, _licenseId, windowEnd)
            );
        }
        _settle(row);
        _checkUsage(isOpen ? 5 : 0, isOpen ? 1 : 0);

        if (isOpen) {
            VM.expectRevert(
                abi.encodeWithSelector(ILicenseNFT.LicenseWindowOpen.selector, _licenseId, windowEnd)
            );
        }
        ledger.close(_licenseId);
        checkEq(
            router.withdrawable(VM.addr(KEY), address(usd)),
            isOpen ? 0 : uint256(PREPAID) * PRICE,
            "A license closes exactly when it no longer settles, with its unused price"
        );
    }

    function testFuzz_ANewSignerSettlesOnlyAfterTheWindow(uint256 delay) public {
        uint256 newKey = 0xA11CE;
        VM.prank(VM.addr(KEY));
        licenses.setSigner(_licenseId, VM.addr(newKey));
        delay = delay % 3 == 0 ? bound(delay / 3, WINDOW - 1, WINDOW + 1) : bound(delay, 0, 2 * WINDOW);
        VM.warp(block.timestamp + delay);

        (uint256 right, uint256 wrong) = delay <= WINDOW ? (KEY, newKey) : (newKey, KEY);
        IUsageLedger.OpenRow memory row = voucher(wrong, _licenseId, 7, 1);
        _expectError(IUsageLedger.VoucherSignatureInvalid.selector, VM.addr(right));
        _settle(row);
        _settle(voucher(right, _licenseId, 7, 1));
        _checkUsage(7, 1);
    }

    function testFuzz_AVoucherIsForOneChain(uint64 chainId, uint64 units) public {
        chainId = uint64(bound(chainId, 1, type(uint64).max - 1));
        VM.assume(chainId != block.chainid);
        units = uint64(bound(units, 1, PREPAID));
        IUsageLedger.OpenRow memory row = voucher(KEY, _licenseId, units, 1);
        VM.chainId(chainId);
        _expectError(IUsageLedger.VoucherSignatureInvalid.selector, VM.addr(KEY));
        _settle(row);
    }

    function testFuzz_AVoucherIsForOneLedger(address other, uint64 units) public {
        VM.assume(other != address(ledger));
        units = uint64(bound(units, 1, PREPAID));
        IUsageLedger.OpenRow memory row = voucherFor(other, KEY, _licenseId, units, 1);
        _expectError(IUsageLedger.VoucherSignatureInvalid.selector, VM.addr(KEY));
        _settle(row);
    }

    function testFuzz_OnlyTheMetersOperatorSettles(address caller) public {
        VM.assume(caller != OPERATOR);
        IUsageLedger.OpenBatch[] memory batches = singleBatch(_offerId, voucher(KEY, _licenseId, 1, 1));
        VM.prank(caller);
        VM.expectRevert(abi.encodeWithSelector(IUsageLedger.CallerNotMeterOperator.selector, 1, caller));
        ledger.settleOpen(1, batches);
    }

    function testFuzz_MalformedEntriesAreRefused(uint256 high, uint64 units) public {
        IUsageLedger.OpenRow memory row = voucher(KEY, _licenseId, units, 1);
        bytes32 highBits = bytes32(bound(high, 1, type(uint96).max) << 160);
        row.entry = OpenEntry.wrap(OpenEntry.unwrap(row.entry) | highBits);
        VM.expectRevert(abi.encodeWithSelector(IUsageLedger.VoucherMalformed.selector, row.entry));
        _settle(row);
    }

    /// @dev Any increasing sequence pays exactly its last count, wherever the batches are cut.
    function testFuzz_ASequenceOfVouchersPaysItsLastCount(uint16[12] memory steps, uint256 cuts) public {
        uint64 units;
        uint256 pending;
        IUsageLedger.OpenRow[] memory rows = new IUsageLedger.OpenRow[](12);
        for (uint256 i; i < 12; ++i) {
            units += uint64(bound(steps[i], 1, PREPAID / 12));
            rows[pending++] = voucher(KEY, _licenseId, units, 1);
            if (i < 11 && (cuts >> i) % 2 == 0) continue;
            IUsageLedger.OpenBatch[] memory batches = new IUsageLedger.OpenBatch[](1);
            batches[0] = IUsageLedger.OpenBatch(_offerId, new IUsageLedger.OpenRow[](pending));
            for (uint256 j; j < pending; ++j) batches[0].rows[j] = rows[j];
            VM.prank(OPERATOR);
            ledger.settleOpen(1, batches);
            pending = 0;
        }
        _checkUsage(units, 1);
    }

    /// @dev A digest binds license, usage, ledger and chain; the typed data written out here is the ledger's.
    function testFuzz_TheDigestIsTheTypedData(uint64 licenseId, uint64 units, uint32 contexts) public view {
        bytes32 usage = bytes32((uint256(contexts) << 64) | units);
        IUsageLedger.OpenRow memory row = voucher(KEY, licenseId, units, contexts);
        (uint8 v, bytes32 r, bytes32 s) = VM.sign(KEY, ledger.voucherDigest(licenseId, usage));
        check(
            row.r == r && row.vs == bytes32((uint256(v - 27) << 255) | uint256(s)),
            "The ledger's digest is the typed data that wallets sign"
        );
    }

    function _settle(IUsageLedger.OpenRow memory row) private {
        IUsageLedger.OpenBatch[] memory batches = singleBatch(_offerId, row);
        VM.prank(OPERATOR);
        ledger.settleOpen(1, batches);
    }

    function _expectError(bytes4 selector, address signer) private {
        VM.expectRevert(abi.encodeWithSelector(selector, _licenseId, signer));
    }

    function _checkUsage(uint64 units, uint32 contexts) private view {
        checkEq(
            uint256(ledger.usageOf(_licenseId)),
            (uint256(contexts) << 64) | units,
            "The usage word holds the contexts and units of the last settled voucher"
        );
        checkEq(
            router.escrowOf(_offerId).balance,
            uint256(PREPAID - units) * PRICE,
            "Escrow holds the price of the prepaid units not yet settled"
        );
        checkEq(
            router.revenueOf(1, 1, address(usd)).total,
            uint256(units) * PRICE,
            "Revenue is the price of the settled units"
        );
    }
}
