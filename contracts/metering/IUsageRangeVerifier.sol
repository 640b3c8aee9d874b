// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice Verifies Groth16 proofs that a license's committed use lies in a range.
interface IUsageRangeVerifier {
    /// @notice Whether a proof holds. False, too, for a signal that is no field element.
    /// @param a, b, c the proof
    /// @param signals usage word, license id, least and most units
    function verifyProof(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[4] calldata signals
    ) external view returns (bool);
}
