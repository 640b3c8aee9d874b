// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ICapsuleRegistry} from "../../../contracts/capsules/ICapsuleRegistry.sol";
import {GridScene} from "./GridScene.sol";

/// @notice Owners register capsules, change their shares and pass them on.
abstract contract CapsuleHandler is GridScene {
    uint64 private constant MAX_CAPSULES = 7;

    constructor() {
        _add(CapsuleHandler.register.selector, 1);
        _add(CapsuleHandler.setShares.selector, 1);
        _add(CapsuleHandler.transferCapsule.selector, 1);
        _expect("register", 1);
        _expect("setShares", 5);
        _expect("transferCapsule", 5);
        _registerCapsules();
    }

    /// @dev A plain capsule, one nested in two roles, and two that name each other: fully in data, partly in model.
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

    function register(uint256 seed) external warped {
        if (_capsules == MAX_CAPSULES) return;
        _register(_person(seed), _randomRows(seed, 0, type(uint64).max));
        _did("register");
    }

    function _register(address owner, ICapsuleRegistry.ShareRow[] memory rows) private {
        checkEq(capsules.register(owner, registration(rows)), _capsules + 1, "Capsules count from 1");
        _modelRegister(owner, rows);
    }

    /// @dev Up to five rows: the owner, people, accounts that do nothing, and other capsules.
    function _randomRows(
        uint256 seed,
        uint64 self,
        uint64 mostUnits
    ) internal view returns (ICapsuleRegistry.ShareRow[] memory rows) {
        rows = new ICapsuleRegistry.ShareRow[](seed % 6);
        for (uint256 i; i < rows.length; ++i) {
            uint256 dice = _roll(seed, i);
            uint256 role = dice % 3;
            uint64 units = (dice >> 8) % 4 == 0 ? mostUnits : uint64(bound(dice >> 16, 1, 9));
            uint64 other = uint64(bound(dice >> 80, 1, _capsules));
            bool named = (dice >> 72) % 2 == 0 && other != self;
            rows[i] =
                named ? capsuleShare(role, units, other) : share(role, units, _beneficiary(dice >> 160));
        }
    }

    function _beneficiary(uint256 seed) private view returns (address) {
        uint256 number = seed % (_accounts.length + 3);
        if (number == _accounts.length) return address(router);
        return number < _accounts.length ? _accounts[number] : address(0);
    }

    function setShares(uint256 seed) external warped {
        uint64 id = _capsule(seed >> 128);
        _setShares(id, _randomRows(seed, id, _mostUnits(id)));
        _did("setShares");
    }

    /// @dev Five rows of a derivative have at most the units that it can scale.
    function _mostUnits(uint64 id) private view returns (uint64) {
        return _parents[id].length == 0 ? type(uint64).max : MAX_DERIVATIVE_UNITS / 5;
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
        _modelCarriedOver(id, to);
        VM.prank(from);
        capsules.transferFrom(from, to, id);
        _did("transferCapsule");
    }
}
