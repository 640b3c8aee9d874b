// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice The cheatcodes of the test runner that these tests use.
interface IVm {
    function prank(address sender) external;
    function chainId(uint256 newChainId) external;
    function warp(uint256 timestamp) external;
    function expectRevert(bytes calldata reason) external;
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function addr(uint256 privateKey) external pure returns (address);
    function assume(bool condition) external pure;
    function snapshotState() external returns (uint256 id);
    function revertToState(uint256 id) external returns (bool success);
    function getCode(string calldata artifact) external view returns (bytes memory);
    function toString(uint256 value) external pure returns (string memory);
    function toString(bytes calldata value) external pure returns (string memory);
}

/// @notice Cheatcodes, bounds, and assertions whose messages are sentences.
abstract contract Test {
    IVm internal constant VM = IVm(address(uint160(uint256(keccak256("hevm cheat code")))));

    /// @dev Uses the artifact: with `new`, a test would compile every contract again.
    function deploy(string memory artifact, bytes memory args) internal returns (address deployed) {
        bytes memory code = bytes.concat(VM.getCode(artifact), args);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 0x20), mload(code))
        }
        check(deployed != address(0), string.concat(artifact, " is deployed"));
    }

    /// @dev Wraps `value` into [minimum, maximum], so that no input is wasted.
    function bound(uint256 value, uint256 minimum, uint256 maximum) internal pure returns (uint256) {
        if (value >= minimum && value <= maximum) return value;
        unchecked {
            uint256 size = maximum - minimum + 1;
            return size == 0 ? value : minimum + (value % size);
        }
    }

    /// @dev Fails unless the call reverts with exactly `refusal`, or succeeds where `refusal` is empty.
    function callAs(
        address caller,
        address target,
        bytes memory data,
        bytes memory refusal,
        string memory sentence
    ) internal returns (bool ok) {
        bytes memory reason;
        VM.prank(caller);
        (ok, reason) = target.call(data);
        if (ok) check(refusal.length == 0, string.concat(sentence, " (it did not revert)"));
        else if (keccak256(reason) != keccak256(refusal))
            revert(string.concat(sentence, _instead(reason, refusal)));
    }

    function _instead(bytes memory reason, bytes memory refusal) private pure returns (string memory) {
        return string.concat(" (reverted with ", VM.toString(reason), ", not ", VM.toString(refusal), ")");
    }

    /// @dev Reverts with the error of a failed call.
    function bubble(bytes memory reason) internal pure {
        assembly ("memory-safe") {
            revert(add(reason, 0x20), mload(reason))
        }
    }

    function check(bool condition, string memory sentence) internal pure {
        if (!condition) revert(sentence);
    }

    function checkEq(uint256 actual, uint256 expected, string memory sentence) internal pure {
        if (actual != expected) revert(string.concat(sentence, _versus(actual, " is not ", expected)));
    }

    function checkAtMost(uint256 actual, uint256 maximum, string memory sentence) internal pure {
        if (actual > maximum) revert(string.concat(sentence, _versus(actual, " is above ", maximum)));
    }

    function _versus(
        uint256 actual,
        string memory relation,
        uint256 expected
    ) private pure returns (string memory) {
        return string.concat(" (", VM.toString(actual), relation, VM.toString(expected), ")");
    }
}
