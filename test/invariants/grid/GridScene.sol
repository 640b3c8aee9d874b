// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ITermsRegistry} from "../../../contracts/licenses/ITermsRegistry.sol";
import {Handler} from "../../utils/Handler.sol";
import {GridLaws} from "./GridLaws.sol";

/// @notice People, meters and terms, and ways to choose among them. Every handler of the campaign starts here.
abstract contract GridScene is GridLaws, Handler {
    uint256 private constant PEOPLE = 6;
    address internal constant STRANGER = address(0x57A6);
    address internal constant APPLICATION = address(0xA9);
    address internal constant SECTOR_ACCOUNT = address(0x5EC7);
    address private constant METER_OWNER = address(0x0E03);

    address[] internal _people;
    mapping(address person => uint256) internal _keys;
    address[2] internal _operators = [address(0x0E01), address(0x0E02)];
    address[2] internal _payees;
    ITermsRegistry.Conditions[3] internal _conditions;
    bytes32[3] internal _termsIds;
    uint256 internal _now;

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
        _accounts.push(SECTOR_ACCOUNT);
        _accounts.push(COMMONS);
        _now = block.timestamp;
        _registerMetersAndTerms();
    }

    function _registerMetersAndTerms() private {
        for (uint256 i; i < 2; ++i) {
            VM.prank(METER_OWNER);
            ledger.registerMeter(_operators[i], _payees[i], "");
        }
        _conditions[0] = ITermsRegistry.Conditions(5 days, 1 days, 1_000, 0xFF, 0, true, false);
        _conditions[1] = ITermsRegistry.Conditions(30 days, 0, 2 ** 32, 3, 2_500, false, true);
        _conditions[2] = ITermsRegistry.Conditions(
            90 days,
            IRREVOCABLE,
            type(uint48).max,
            type(uint32).max,
            1,
            true,
            true
        );
        for (uint256 i; i < 3; ++i) {
            _termsIds[i] = terms.register(ITermsRegistry.Terms(_conditions[i], bytes32(0)));
        }
    }

    // Counting

    /// @dev Counts an outcome in a pause once more, under its own name.
    function _did(string memory outcome) internal override {
        super._did(outcome);
        string memory inPause = _inPause(outcome);
        if (_isPaused() && _isExpected(inPause)) super._did(inPause);
    }

    function _inPause(string memory outcome) internal pure returns (string memory) {
        return string.concat(outcome, " in a pause");
    }

    // Failing

    /// @dev A stranger's call must revert with exactly `refusal`.
    function _mustFail(address target, bytes memory data, bytes memory refusal) internal {
        callAs(STRANGER, target, data, refusal, "A stranger's call, or one that comes too early, fails");
    }

    // Choosing

    /// @dev Only handlers advance the time: the runner sets it back between calls.
    modifier warped() {
        VM.warp(_now);
        _;
    }

    function _roll(uint256 seed, uint256 number) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, number)));
    }

    function _person(uint256 seed) internal view returns (address) {
        return _people[seed % PEOPLE];
    }

    function _capsule(uint256 seed) internal view returns (uint64) {
        return uint64(seed % _capsules) + 1;
    }

    /// @dev An open license for which `holds` is true, or 0.
    function _find(
        uint256 seed,
        function(LicenseModel storage) view returns (bool) holds
    ) internal view returns (uint64) {
        for (uint256 i; i < _openLicenses.length; ++i) {
            uint64 id = _openLicenses[((seed % 1_000) + i) % _openLicenses.length];
            if (holds(_licenses[id - 1])) return id;
        }
        return 0;
    }

    function _conditionsOf(
        LicenseModel storage license
    ) internal view returns (ITermsRegistry.Conditions storage) {
        return _conditions[_offers[license.offerId - 1].terms];
    }

    function _any(LicenseModel storage) internal pure returns (bool) {
        return true;
    }
}
