// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Verifies Groth16 proofs that a license's committed use lies in a range.
interface IUsageRangeVerifier {
    /// @notice Whether a proof holds. Returns false for signals outside the scalar field, too.
    /// @param a, b, c the proof
    /// @param signals usage word, license id, minimum and maximum units
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[4] calldata signals
    ) external view returns (bool);
}
