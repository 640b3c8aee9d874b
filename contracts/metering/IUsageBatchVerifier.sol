// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Verifies Groth16 proofs of batches of private use.
interface IUsageBatchVerifier {
    /// @notice Whether a proof holds. False, too, for a signal that is no field element.
    /// @param a, b, c the proof
    /// @param signals c, y and r of `BatchStatement`
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[3] calldata signals
    ) external view returns (bool);
}
