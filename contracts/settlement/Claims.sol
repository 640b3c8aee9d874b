// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {ICapsuleRegistry} from "../capsules/ICapsuleRegistry.sol";
import {Earner, Units} from "../libraries/Earner.sol";
import {ISettlementRouter} from "./ISettlementRouter.sol";
import {Legs} from "./Legs.sol";
import {Payments} from "./Payments.sol";

/// @notice The part of the settlement router about claims: earnings are paid to accounts, and passed on to capsules.
abstract contract Claims is Payments {
    using SafeCast for uint256;
    using SafeERC20 for IERC20;

    address public immutable COMMONS;

    constructor(address commons) {
        COMMONS = commons;
    }

    // Claiming

    /// @inheritdoc ISettlementRouter
    function claim(Claim[] calldata claims) external nonReentrant {
        for (uint256 i; i < claims.length; ++i) _claimRange(claims[i]);
    }

    function _claimRange(Claim calldata range) private {
        address token = range.token;
        (Earner[] memory earners, uint256[] memory amounts) = _takeRange(range, false);

        emit Claimed(range.capsuleId, range.sharesVersion, token, range.first, amounts);

        for (uint256 i; i < amounts.length; ++i) {
            uint256 amount = amounts[i];
            if (amount != 0) IERC20(token).safeTransfer(earners[i].account(), amount);
        }
    }

    /// @dev Marks earnings as taken and returns the new amounts. Only accounts take, or only capsules: 0 for the
    ///      others. The router itself takes nothing: it could not pay it on.
    function _takeRange(
        Claim calldata range,
        bool byCapsules
    ) private returns (Earner[] memory earners, uint256[] memory amounts) {
        Account storage account = _accounts[range.capsuleId][range.sharesVersion][range.token];
        Units units;
        (earners, units) = _earnersOf(range);
        uint256[4] memory roles = _roleRevenue(account.revenue);
        amounts = new uint256[](earners.length);
        (uint256 first, uint256 count, uint256 pair) = (range.first, amounts.length, 0);
        for (uint256 i; i < count; ++i) {
            uint256 number = first + i;
            if (number % 2 == 0 || i == 0) pair = account.taken[number / 2];
            Earner earner = earners[i];
            if (earner.isCapsule() == byCapsules && earner.account() != address(this)) {
                uint256 shift = (number % 2) * 128;
                uint256 amount = _share(earner, roles, units) - uint128(pair >> shift);
                pair += amount << shift;
                amounts[i] = amount;
            }
            if (number % 2 == 1 || i + 1 == count) account.taken[number / 2] = pair;
        }
    }

    function _earnersOf(Claim calldata range) private view returns (Earner[] memory earners, Units units) {
        uint256 first = range.first;
        (earners, units) = CAPSULES.earnersOf(range.capsuleId, range.sharesVersion, first, range.count);
        if (first == 0 && earners.length != 0) earners[0] = earners[0].withAccount(COMMONS);
    }

    /// @dev Cumulative earnings of each role, by `ICapsuleRegistry.Role`, without the compute legs paid to meters.
    function _roleRevenue(Revenue storage revenue) private view returns (uint256[4] memory) {
        (uint256 data, uint256 model, , uint256 platform) = Legs.ofTotal(revenue.total);
        if (revenue.inbound) {
            data += revenue.inboundData;
            model += revenue.inboundModel;
        }
        return [data, model, revenue.computeAccrued, platform];
    }

    /// @dev Cumulative earnings of one earner, rounded down.
    function _share(Earner earner, uint256[4] memory roles, Units units) private pure returns (uint256) {
        uint256 role = earner.role();
        // Below 2^121 times 2^64; each role has units.
        unchecked {
            return (roles[role] * earner.units()) / units.ofRole(role);
        }
    }

    // Passing on

    /// @inheritdoc ISettlementRouter
    function passOn(Claim[] calldata claims) external nonReentrant {
        for (uint256 i; i < claims.length; ++i) _passOnRange(claims[i]);
    }

    function _passOnRange(Claim calldata range) private {
        (Earner[] memory earners, uint256[] memory amounts) = _takeRange(range, true);
        for (uint256 i; i < amounts.length; ++i) {
            if (amounts[i] != 0) _passOn(range, range.first + i, earners[i], amounts[i]);
        }
    }

    function _passOn(Claim calldata range, uint256 number, Earner earner, uint256 amount) private {
        (address token, uint64 target) = (range.token, earner.capsuleId());
        uint32 version = CAPSULES.currentSharesVersion(target);

        _accrueInbound(_accounts[target][version][token].revenue, earner.role(), amount);

        emit PassedOn(range.capsuleId, token, target, range.sharesVersion, number, version, amount);
    }

    /// @dev No split: the platform's part was taken at entry, and revenue from another capsule stays in its role.
    function _accrueInbound(Revenue storage revenue, uint256 role, uint256 amount) private {
        if (role == uint256(ICapsuleRegistry.Role.Compute)) {
            revenue.computeAccrued = (revenue.computeAccrued + amount).toUint120();
            return;
        }
        revenue.inbound = true;
        if (role == uint256(ICapsuleRegistry.Role.Data)) {
            revenue.inboundData = (revenue.inboundData + amount).toUint120();
        } else {
            revenue.inboundModel = (revenue.inboundModel + amount).toUint120();
        }
    }

    // Reading

    /// @inheritdoc ISettlementRouter
    function claimable(
        Claim calldata range
    )
        external
        view
        returns (uint256[] memory amounts, address[] memory accounts, uint64[] memory capsuleIds)
    {
        (Earner[] memory earners, Units units) = _earnersOf(range);
        uint256[4] memory roles = _roleRevenue(
            _accounts[range.capsuleId][range.sharesVersion][range.token].revenue
        );
        amounts = new uint256[](earners.length);
        accounts = new address[](earners.length);
        capsuleIds = new uint64[](earners.length);
        for (uint256 i; i < earners.length; ++i) {
            uint256 taken = takenOf(range.capsuleId, range.sharesVersion, range.token, range.first + i);
            (accounts[i], capsuleIds[i]) = (earners[i].account(), earners[i].capsuleId());
            if (accounts[i] != address(this)) amounts[i] = _share(earners[i], roles, units) - taken;
        }
    }
}
