// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";
import {ILicenseNFT} from "../../../contracts/licenses/ILicenseNFT.sol";
import {LicenseHandler} from "./LicenseHandler.sol";

/// @notice Holders of licenses register derivatives, if the terms permit it.
abstract contract DerivativeHandler is LicenseHandler {
    uint64 private constant MAX_CAPSULES = 10;

    constructor() {
        _add(DerivativeHandler.registerDerivative.selector, 1);
        _add(DerivativeHandler.deriveWithoutRight.selector, 1);
        _expect("registerDerivative", 2);
        _expect("derivative of two", 1);
        _expect("deriveWithoutRight", 5);
        for (uint256 i; i < 4; ++i) _mint(uint256(keccak256(abi.encode("license", i))));
        _registerDerivative(uint256(keccak256("derivative")));
        check(_parents[_capsules].length != 0, "There is a derivative from the start");
    }

    function registerDerivative(uint256 seed) external warped {
        _registerDerivative(seed);
    }

    function _registerDerivative(uint256 seed) private {
        uint64 id = _find(seed, _permitsDerivatives);
        if (id == 0 || _capsules == MAX_CAPSULES) return;
        address owner = _licenses[id - 1].holder;
        uint64[] memory ids = new uint64[](1);
        ids[0] = id;
        uint64 second = _otherParent(id);
        if (second != 0) (ids = new uint64[](2))[0] = id;
        if (second != 0) ids[1] = second;
        ICapsuleRegistry.ShareRow[] memory rows = _randomRows(seed >> 64, 0, MAX_DERIVATIVE_UNITS / 5);
        VM.prank(owner);
        checkEq(
            capsules.registerDerivative(owner, registration(rows), ids),
            _capsules + 1,
            "Capsules count from 1"
        );
        for (uint256 i; i < ids.length; ++i) {
            LicenseModel storage license = _licenses[ids[i] - 1];
            _parents[_capsules + 1].push(
                ICapsuleRegistry.Parent(
                    _offers[license.offerId - 1].capsuleId,
                    ids[i],
                    _conditionsOf(license).derivativeShareBps
                )
            );
        }
        _modelRegister(owner, rows);
        _did("registerDerivative");
        if (second != 0) _did("derivative of two");
    }

    function _permitsDerivatives(LicenseModel storage license) internal view returns (bool) {
        return _conditionsOf(license).derivatives && !license.closing && block.timestamp < license.expiry;
    }

    /// @dev Another license of the same holder for another capsule, or 0.
    function _otherParent(uint64 id) private view returns (uint64) {
        LicenseModel storage first = _licenses[id - 1];
        for (uint256 i; i < _openLicenses.length; ++i) {
            LicenseModel storage license = _licenses[_openLicenses[i] - 1];
            bool isOther = _offers[license.offerId - 1].capsuleId != _offers[first.offerId - 1].capsuleId;
            if (isOther && license.holder == first.holder && _permitsDerivatives(license))
                return _openLicenses[i];
        }
        return 0;
    }

    /// @dev By a stranger, and by the holder of a license that permits none, or whose service ended.
    function deriveWithoutRight(uint256 seed) external warped {
        uint64 id = _find(seed, _any);
        if (id == 0) return;
        LicenseModel storage license = _licenses[id - 1];
        uint64[] memory ids = new uint64[](1);
        ids[0] = id;
        _mustNotDerive(
            STRANGER,
            license.holder,
            ids,
            abi.encodeWithSelector(
                ICapsuleRegistry.DerivativeCallerNotOwner.selector,
                license.holder,
                STRANGER
            )
        );
        if (license.closing || block.timestamp >= license.expiry) {
            _mustNotDerive(
                license.holder,
                license.holder,
                ids,
                abi.encodeWithSelector(ILicenseNFT.LicenseEnded.selector, id)
            );
        } else if (!_conditionsOf(license).derivatives) {
            _mustNotDerive(
                license.holder,
                license.holder,
                ids,
                abi.encodeWithSelector(ILicenseNFT.LicenseDerivativesNotPermitted.selector, id)
            );
        } else {
            _mustNotDerive(
                STRANGER,
                STRANGER,
                ids,
                abi.encodeWithSelector(ICapsuleRegistry.ParentLicenseNotHeld.selector, id, STRANGER)
            );
        }
        _did("deriveWithoutRight");
    }

    function _mustNotDerive(
        address caller,
        address owner,
        uint64[] memory ids,
        bytes memory refusal
    ) private {
        bytes memory data = abi.encodeCall(
            capsules.registerDerivative,
            (owner, registration(new ICapsuleRegistry.ShareRow[](0)), ids)
        );
        callAs(caller, address(capsules), data, refusal, "Only a holder whose license permits it derives");
    }
}
