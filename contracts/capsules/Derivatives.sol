// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessControl} from "@openzeppelin/contracts/access/AccessControl.sol";

import {ILicenseNFT} from "../licenses/ILicenseNFT.sol";
import {ICapsuleRegistry} from "./ICapsuleRegistry.sol";
import {ShareTable} from "./ShareTable.sol";

/// @notice The part of the capsule registry about derivation: which licenses permit it, and for which share.
abstract contract Derivatives is AccessControl, ICapsuleRegistry {
    uint256 internal constant MAX_PARENTS = 16;

    address public licenses;

    /// @param admin sets the license contract
    constructor(address admin) {
        _grantRole(DEFAULT_ADMIN_ROLE, admin);
    }

    /// @inheritdoc ICapsuleRegistry
    function setLicenses(address newLicenses) external onlyRole(DEFAULT_ADMIN_ROLE) {
        if (newLicenses == address(0)) revert CapsuleLicensesZero();
        if (licenses != address(0)) revert CapsuleLicensesAlreadySet(licenses);

        licenses = newLicenses;

        emit CapsuleLicensesSet(newLicenses);
    }

    /// @dev The parents by these licenses of `owner`, who must be the caller.
    function _derive(
        address owner,
        uint64[] calldata licenseIds
    ) internal view returns (Parent[] memory parents) {
        if (owner != msg.sender) revert DerivativeCallerNotOwner(owner, msg.sender);
        uint256 count = licenseIds.length;
        if (count == 0 || count > MAX_PARENTS) revert ParentsCountInvalid(count, MAX_PARENTS);
        parents = new Parent[](count);
        uint256 sum;
        for (uint256 i; i < count; ++i) {
            parents[i] = _parentBy(owner, licenseIds[i]);
            for (uint256 j; j < i; ++j) {
                if (parents[j].capsuleId == parents[i].capsuleId)
                    revert ParentDuplicate(parents[i].capsuleId);
            }
            sum += parents[i].shareBps;
        }
        if (sum >= ShareTable.BPS) revert ParentsShareTooHigh(sum, ShareTable.BPS);
    }

    function _parentBy(address owner, uint64 licenseId) private view returns (Parent memory) {
        (address holder, uint64 capsuleId, uint16 shareBps) = ILicenseNFT(licenses).derivationOf(licenseId);
        if (holder != owner) revert ParentLicenseNotHeld(licenseId, owner);
        return Parent(capsuleId, licenseId, shareBps);
    }
}
