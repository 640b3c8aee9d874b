// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

/// @notice How much licenses were used: meters submit signed, cumulative vouchers, each counted once.
interface IUsageLedger {
    /// @notice Who serves capsules and counts their use.
    /// @param operator submits batches and manages the meter
    /// @param payee earns the compute part of what the meter settles
    struct Meter {
        address operator;
        address payee;
    }

    /// @notice A voucher in open mode, EIP-712 `UsageVoucher(uint256 licenseId,bytes32 usage)`, with its signature.
    /// @param entry license id (64 bits, at bit 96) and, below it, the voucher's usage: contexts used so far (32 bits,
    ///        at bit 64) and cumulative units (64 bits, lowest)
    /// @param r signature
    /// @param vs signature, compact form of ERC-2098
    struct OpenRow {
        bytes32 entry;
        bytes32 r;
        bytes32 vs;
    }

    /// @notice Vouchers of one offer.
    struct OpenBatch {
        uint64 offerId;
        OpenRow[] rows;
    }

    /// @notice A change of a license's signer, known by its time: `ILicenseNFT.keysOf(licenseId).changeAt`.
    struct SignerChange {
        uint64 licenseId;
        uint40 changeAt;
    }

    error MeterAccountZero();
    error CallerNotMeterOperator(uint32 meterId, address caller);
    error OfferNotMetered(uint64 offerId, uint32 meterId);
    error BatchEmpty(uint64 offerId);
    error VoucherMalformed(bytes32 entry);
    error VoucherNotNewer(uint64 licenseId, uint64 settled, uint64 units);
    error VoucherExceedsPrepaid(uint64 licenseId, uint64 units, uint64 prepaid);
    error VoucherContextsDropped(uint64 licenseId, uint32 settled, uint32 contexts);
    error VoucherContextsNotAllowed(uint64 licenseId, uint32 contexts, uint32 allowed);
    error VoucherSignatureInvalid(uint64 licenseId, address signer);

    /// @notice A meter exists, or changed.
    event MeterSet(uint32 indexed meterId, address indexed operator, address indexed payee, string endpoint);
    /// @notice Licenses moved on by `units` in all.
    /// @param entries as in `OpenRow`, one a license
    event OpenSettled(uint32 indexed meterId, uint64 indexed offerId, uint128 units, uint256[] entries);

    /// @notice Registers a meter, operated by the caller.
    /// @dev `MeterAccountZero` if `payee` is zero.
    /// @param payee earns the compute part
    /// @param endpoint where it serves, published in the event only
    /// @return meterId counts from 1
    function registerMeter(address payee, string calldata endpoint) external returns (uint32 meterId);

    /// @notice Replaces a meter's accounts and endpoint.
    /// @dev - the caller operates it, or `CallerNotMeterOperator`
    ///      - neither account is zero, or `MeterAccountZero`
    function setMeter(uint32 meterId, address operator, address payee, string calldata endpoint) external;

    /// @notice Settles vouchers: counts each license's increase and pays for it from the offer's escrow.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`
    ///      - each offer exists, or `OfferNonexistent`; names this ledger and this meter, or `OfferNotMetered`;
    ///        has rows, or `BatchEmpty`
    ///      - each row is well formed, or `VoucherMalformed`; its license is as in `ILicenseNFT.settlementsOf`
    ///      - each row, in turn: signed by the license's signer, in low-s form, or `VoucherSignatureInvalid`; above what
    ///        is settled, or `VoucherNotNewer`; within what is prepaid, or `VoucherExceedsPrepaid`; its contexts include
    ///        the settled ones and are within the terms: `VoucherContextsDropped`, `VoucherContextsNotAllowed`
    /// @param meterId the meter
    /// @param batches vouchers by offer
    function settleOpen(uint32 meterId, OpenBatch[] calldata batches) external;

    /// @notice Tells licenses that their old signers' last vouchers are settled, so that a change takes effect.
    /// @dev - the caller operates the meter, or `CallerNotMeterOperator`
    ///      - each license's offer names this ledger and this meter, or `OfferNotMetered`
    ///      - each change as in `ILicenseNFT.confirmSigner`
    /// @param meterId the meter
    /// @param changes which changes of which licenses
    function confirmSigners(uint32 meterId, SignerChange[] calldata changes) external;

    /// @notice Closes a license after its settlement window; the unused part of its price is owed to the holder.
    /// @dev Anyone may call. Requirements of `ILicenseNFT.close`.
    /// @param licenseId the license
    function close(uint64 licenseId) external;

    /// @notice What is settled of a license: units (64 bits, lowest) and contexts (32 bits above them).
    function usageOf(uint64 licenseId) external view returns (bytes32);

    /// @notice A meter; zeros if there is none.
    function meterOf(uint32 meterId) external view returns (Meter memory);

    /// @notice The newest meter's id, which is also how many there are.
    function lastMeterId() external view returns (uint32);

    /// @notice What a signer signs for `usage` of a license.
    function voucherDigest(uint64 licenseId, bytes32 usage) external view returns (bytes32);
}
