// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../contracts/capsules/ICapsuleRegistry.sol";
import {ITermsRegistry} from "../../contracts/licenses/ITermsRegistry.sol";
import {ISettlementRouter} from "../../contracts/settlement/ISettlementRouter.sol";
import {GridTest} from "../utils/GridTest.sol";

contract SettlementRouterTest is GridTest {
    uint256 private constant MAX_ROWS = 20;
    uint256 private constant STEPS = 8;

    address private constant CREATOR = address(0xC4);
    address private constant PAYER = address(0xBA);
    uint256 private constant HOLDER_KEY = 0xB0B;

    struct Scene {
        uint8 rows;
        uint256 roles;
        uint64[MAX_ROWS] units;
        uint256[STEPS] amounts;
        uint256[STEPS] claims;
    }

    /// @dev After any payments and claims in any order, each row got its share of its role's revenue, by units,
    ///      rounded down once in all rather than once for each claim.
    function testFuzz_RowsAreOwedTheirProportionHoweverTheyClaim(Scene memory scene) public {
        ICapsuleRegistry.ShareRow[] memory rows = _register(scene);
        uint256 total = _payAndClaim(scene, rows.length);
        _claim(0, rows.length + 1);

        _checkPaid(rows, _legsOf(total));
        checkEq(
            usd.balanceOf(address(router)),
            total - _paidInAll(rows) - usd.balanceOf(COMMONS),
            "The router still holds everything not paid out"
        );
    }

    function testFuzz_RoundingLeavesLessThanAUnitARow(Scene memory scene) public {
        ICapsuleRegistry.ShareRow[] memory rows = _register(scene);
        uint256 total = _payAndClaim(scene, rows.length);
        _claim(0, rows.length + 1);

        uint256[4] memory legs = _legsOf(total);
        for (uint256 role; role < 3; ++role) {
            (uint256 paid, uint256 count) = _paidToRole(rows, role);
            checkAtMost(paid, legs[role], "A role's rows never get more than the role earned");
            checkAtMost(legs[role] - paid, count - 1, "Rounding leaves a role less than a unit a row");
        }
        checkEq(usd.balanceOf(COMMONS), legs[3], "The Commons gets the platform's leg to the last unit");
    }

    /// @dev Two earners share a word of storage.
    function testFuzz_ClaimsOfNeighborsAreIndependent(Scene memory scene, uint256 number) public {
        ICapsuleRegistry.ShareRow[] memory rows = _register(scene);
        payCapsule(usd, PAYER, 1, bound(scene.amounts[0], 1, 2 ** 118));
        number = bound(number, 0, rows.length);
        (uint256[] memory before, , ) = router.claimable(_range(0, rows.length + 1));
        _claim(number, 1);
        (uint256[] memory then, , ) = router.claimable(_range(0, rows.length + 1));
        for (uint256 i; i <= rows.length; ++i) {
            checkEq(
                then[i],
                i == number ? 0 : before[i],
                "A claim changes what its own earner may claim only"
            );
            checkEq(
                router.takenOf(1, 1, address(usd), i),
                i == number ? before[i] : 0,
                "A claim counts for its own earner only"
            );
        }

        payCapsule(usd, PAYER, 1, bound(scene.amounts[1], 1, 2 ** 118));
        _claim(0, rows.length + 1);
        _checkPaid(
            rows,
            _legsOf(bound(scene.amounts[0], 1, 2 ** 118) + bound(scene.amounts[1], 1, 2 ** 118))
        );
    }

    function testFuzz_ASecondClaimPaysNothing(Scene memory scene) public {
        ICapsuleRegistry.ShareRow[] memory rows = _register(scene);
        _payAndClaim(scene, rows.length);
        _claim(0, rows.length + 1);
        uint256 held = usd.balanceOf(address(router));
        ISettlementRouter.Claim[] memory claims = new ISettlementRouter.Claim[](2);
        claims[0] = claims[1] = _range(0, rows.length + 1);
        router.claim(claims);
        checkEq(usd.balanceOf(address(router)), held, "Claimed amounts are not paid again");
    }

    /// @dev Revenue passed on to another capsule arrives in full, in any order of payments and hops.
    function testFuzz_NothingIsLostBetweenCapsules(Scene memory scene, uint64 part, uint64 rest) public {
        ICapsuleRegistry.ShareRow[] memory rows = _register(scene);
        ICapsuleRegistry.ShareRow[] memory upper = new ICapsuleRegistry.ShareRow[](6);
        for (uint256 role; role < 3; ++role) {
            upper[2 * role] = capsuleShare(role, uint64(bound(part, 1, type(uint64).max)), 1);
            upper[2 * role + 1] = share(role, uint64(bound(rest, 1, type(uint64).max)), address(0xBEEF));
        }
        capsules.register(CREATOR, registration(upper));
        uint256 total;
        for (uint256 i; i < STEPS; ++i) {
            uint256 amount = bound(scene.amounts[i], 1, 2 ** 116);
            payCapsule(usd, PAYER, 2, amount);
            total += amount;
            if (scene.claims[i] % 2 == 0) router.passOn(claimRange(2, 1, address(usd), 0, 7));
        }
        router.passOn(claimRange(2, 1, address(usd), 0, 7));

        uint256[4] memory inbound = _legsOf(total);
        inbound[3] = 0;
        for (uint256 role; role < 3; ++role) {
            inbound[role] =
                (inbound[role] * upper[2 * role].units) /
                (uint256(upper[2 * role].units) + upper[2 * role + 1].units);
        }
        ISettlementRouter.Revenue memory revenue = router.revenueOf(1, 1, address(usd));
        checkEq(revenue.inboundData, inbound[0], "Data passed on arrives as data");
        checkEq(revenue.inboundModel, inbound[1], "Model passed on arrives as model");
        checkEq(revenue.computeAccrued, inbound[2], "Compute passed on arrives as compute");
        checkEq(revenue.total, 0, "Revenue passed on pays no platform a second time");

        _claim(0, rows.length + 1);
        _checkPaid(rows, inbound);
    }

    /// @dev Metered use pays the meter's payee, the application and the sector's account at once, the rest to the capsule.
    function testFuzz_ReleasesPayExactLegs(
        uint96 price,
        uint64[STEPS] memory units,
        uint16 bps,
        uint16 sectorBps
    ) public {
        // From fractions of a base unit for a unit to the most that the escrow of 2^48 units can hold.
        price = uint96(bound(price, 0, price % 2 == 0 ? 10 ** 7 : 2 ** 91));
        bps = uint16(bound(bps, 0, 5_000));
        sectorBps = uint16(bound(sectorBps, 0, 5_000));
        VM.prank(ADMIN);
        router.setApplicationShare(bps);
        VM.prank(ADMIN);
        router.setSectorShare(1, address(0x5EC7), sectorBps);
        (uint64 offerId, uint64 licenseId) = _meteredLicense(price, VM.addr(HOLDER_KEY));
        uint64 used;
        uint256[2] memory parts;
        for (uint256 i; i < STEPS; ++i) {
            uint256 before = priceDown(used, price) / 10;
            used += uint64(bound(units[i], 1, i % 2 == 0 ? 3 : 2 ** 44));
            uint256 platform = priceDown(used, price) / 10 - before;
            uint256 application = (platform * bps) / 10_000;
            parts[0] += application;
            parts[1] += ((platform - application) * sectorBps) / 10_000;
            ledger.settleOpen(1, singleBatch(offerId, voucher(HOLDER_KEY, licenseId, used, 1)));
        }
        _checkReleased(priceDown(used, price), parts);
    }

    function _meteredLicense(
        uint96 price,
        address holder
    ) private returns (uint64 offerId, uint64 licenseId) {
        ledger.registerMeter(address(this), address(0x9A), "");
        VM.prank(CREATOR);
        (, offerId) = terms.publish(
            registration(new ICapsuleRegistry.ShareRow[](0)),
            ITermsRegistry.Terms(
                ITermsRegistry.Conditions(30 days, 0, type(uint48).max, 1, 0, false, false),
                bytes32(0)
            ),
            ITermsRegistry.OfferParams(
                address(ledger),
                1,
                address(usd),
                price,
                1,
                address(0xA9),
                ITermsRegistry.Mode.Open
            )
        );
        licenseId = mintLicense(offerId, holder, address(0), type(uint48).max);
    }

    function _checkReleased(uint256 total, uint256[2] memory parts) private {
        uint256[4] memory legs = _legsOf(total);
        checkEq(router.withdrawable(address(0x9A), address(usd)), legs[2], "Compute is the meter's");
        checkEq(
            router.withdrawable(address(0xA9), address(usd)),
            parts[0],
            "The application gets its fraction of each platform leg, rounded down"
        );
        checkEq(
            router.withdrawable(address(0x5EC7), address(usd)),
            parts[1],
            "The sector's account gets its fraction of the rest of each platform leg, rounded down"
        );
        _claim(0, 4);
        checkEq(
            usd.balanceOf(COMMONS),
            legs[3] - parts[0] - parts[1],
            "The Commons gets the rest of the platform's"
        );
        checkEq(usd.balanceOf(CREATOR), legs[0] + legs[1], "The owner gets data and model without rows");
    }

    /// @dev One payment of 1,000 and one of 7, followed to the last unit through a nested capsule.
    function test_ExactSharesOfAKnownScenario() public {
        ICapsuleRegistry.ShareRow[] memory inner = new ICapsuleRegistry.ShareRow[](2);
        inner[0] = share(0, 1, address(0xD1));
        inner[1] = share(0, 2, address(0xD2));
        capsules.register(CREATOR, registration(inner));
        ICapsuleRegistry.ShareRow[] memory outer = new ICapsuleRegistry.ShareRow[](3);
        outer[0] = capsuleShare(0, 3, 1);
        outer[1] = share(0, 1, address(0xD3));
        outer[2] = share(1, 1, address(0xA1));
        capsules.register(CREATOR, registration(outer));

        payCapsule(usd, PAYER, 2, 1_000);
        router.claim(claimRange(2, 1, address(usd), 0, 5));
        checkEq(usd.balanceOf(COMMONS), 100, "The platform's 10 % of 1,000 are 100");
        checkEq(usd.balanceOf(address(0xD3)), 100, "A quarter of the data's 400 are 100");
        checkEq(usd.balanceOf(address(0xA1)), 300, "The model's 30 % of 1,000 are 300");
        checkEq(usd.balanceOf(CREATOR), 200, "Compute without rows falls to the owner: 200");

        // 1,007: X = floor(3,021 / 10) = 302, platform 100, compute 202, Y = 705, model 302, data 403.
        payCapsule(usd, PAYER, 2, 7);
        router.passOn(claimRange(2, 1, address(usd), 1, 1));
        router.claim(claimRange(2, 1, address(usd), 0, 5));
        checkEq(usd.balanceOf(COMMONS), 100, "The platform's leg of 1,007 is still 100");
        checkEq(usd.balanceOf(address(0xD3)), 100, "A quarter of 403 is still 100");
        checkEq(usd.balanceOf(address(0xA1)), 302, "The model's leg of 1,007 is 302");
        checkEq(usd.balanceOf(CREATOR), 202, "The compute leg of 1,007 is 202");

        // Three quarters of 403 are 302 units: 100 and 201 go to the rows, and one waits.
        router.claim(claimRange(1, 1, address(usd), 0, 5));
        checkEq(usd.balanceOf(address(0xD1)), 100, "A third of the 302 passed on is 100");
        checkEq(usd.balanceOf(address(0xD2)), 201, "Two thirds of the 302 passed on are 201");
        checkEq(usd.balanceOf(address(router)), 2, "Rounding keeps one unit in each capsule");
    }

    function _payAndClaim(Scene memory scene, uint256 rows) private returns (uint256 total) {
        for (uint256 i; i < STEPS; ++i) {
            // From single units to the maximum, to expose rounding.
            uint256 amount = bound(scene.amounts[i], 1, 2 ** (2 + (scene.claims[i] % 115)));
            payCapsule(usd, PAYER, 1, amount);
            total += amount;
            uint256 first = bound(scene.claims[i] >> 16, 0, rows);
            _claim(first, bound(scene.claims[i] >> 32, 0, rows + 1 - first));
        }
    }

    /// @dev Registers capsule 1. Returns its rows, also those of the owner.
    function _register(Scene memory scene) private returns (ICapsuleRegistry.ShareRow[] memory) {
        ICapsuleRegistry.ShareRow[] memory rows = new ICapsuleRegistry.ShareRow[](
            bound(scene.rows, 1, MAX_ROWS)
        );
        for (uint256 i; i < rows.length; ++i) {
            uint64 units = scene.units[i] % 4 == 0 ? type(uint64).max : uint64(bound(scene.units[i], 1, 100));
            rows[i] = share((scene.roles >> (2 * i)) % 3, units, address(uint160(0x10000 + i)));
        }
        capsules.register(CREATOR, registration(rows));
        return capsules.sharesOf(1, 1);
    }

    function _claim(uint256 first, uint256 count) private {
        router.claim(claimRange(1, 1, address(usd), first, count));
    }

    function _range(uint256 first, uint256 count) private view returns (ISettlementRouter.Claim memory) {
        return claimRange(1, 1, address(usd), first, count)[0];
    }

    /// @dev Rows with accounts have one each; the owner's add up in the creator's account.
    function _checkPaid(ICapsuleRegistry.ShareRow[] memory rows, uint256[4] memory roles) private view {
        uint256 ownerOwed;
        for (uint256 i; i < rows.length; ++i) {
            uint256 role = uint256(rows[i].role);
            uint256 owed = (roles[role] * rows[i].units) / _unitsOf(rows, role);
            checkEq(
                router.takenOf(1, 1, address(usd), i + 1),
                owed,
                "A row took its proportion of its role, rounded down"
            );
            if (rows[i].account == address(0)) ownerOwed += owed;
            else checkEq(usd.balanceOf(rows[i].account), owed, "A row's account was paid its proportion");
        }
        checkEq(usd.balanceOf(CREATOR), ownerOwed, "The owner was paid the roles without rows");
    }

    function _unitsOf(
        ICapsuleRegistry.ShareRow[] memory rows,
        uint256 role
    ) private pure returns (uint256 units) {
        for (uint256 i; i < rows.length; ++i) if (uint256(rows[i].role) == role) units += rows[i].units;
    }

    function _paidToRole(
        ICapsuleRegistry.ShareRow[] memory rows,
        uint256 role
    ) private view returns (uint256 paid, uint256 count) {
        for (uint256 i; i < rows.length; ++i) {
            if (uint256(rows[i].role) != role) continue;
            paid += router.takenOf(1, 1, address(usd), i + 1);
            ++count;
        }
    }

    function _paidInAll(ICapsuleRegistry.ShareRow[] memory rows) private view returns (uint256 paid) {
        paid = usd.balanceOf(CREATOR);
        for (uint256 i; i < rows.length; ++i) {
            if (rows[i].account != address(0)) paid += usd.balanceOf(rows[i].account);
        }
    }

    /// @dev The legs' closed form, with its rounding directions.
    function _legsOf(uint256 total) private pure returns (uint256[4] memory) {
        uint256 dataAndModel = (7 * total + 9) / 10;
        uint256 platform = total / 10;
        return [(4 * dataAndModel + 6) / 7, (3 * dataAndModel) / 7, (3 * total) / 10 - platform, platform];
    }
}
