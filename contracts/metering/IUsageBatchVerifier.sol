// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Verifies Groth16 proofs of batches in private mode.
interface IUsageBatchVerifier {
    /// @notice Whether a proof holds. Returns false for signals outside the scalar field, too.
    /// @param a, b, c the proof
    /// @param signals c, y and r of `BatchStatement`
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[3] calldata signals
    ) external view returns (bool);
}
