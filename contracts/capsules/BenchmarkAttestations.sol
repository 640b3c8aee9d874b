// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SSTORE2} from "solady/src/utils/SSTORE2.sol";

import {IBenchmarkAttestations} from "./IBenchmarkAttestations.sol";
import {ICapsuleRegistry} from "./ICapsuleRegistry.sol";

/// @notice Attestations of benchmark scores on capsule versions, in the form of the Ethereum Attestation Service (EAS).
contract BenchmarkAttestations is IBenchmarkAttestations {
    string public constant SCHEMA =
        "uint64 capsuleId,uint32 version,bytes32 datasetHash,string metric,uint256 score,uint8 decimals";
    bytes32 public constant SCHEMA_UID = keccak256(abi.encodePacked(SCHEMA, address(0), true));

    uint256 internal constant MAX_METRIC_BYTES = 64;
    uint8 internal constant MAX_DECIMALS = 18;

    ICapsuleRegistry public immutable CAPSULES;

    struct Record {
        address blob; // 160
        uint64 revocationTime; // 224
    }

    /// @dev The blob is the attestation as it was made: contract code costs less than its many slots.
    mapping(bytes32 uid => Record) private _records;

    constructor(ICapsuleRegistry capsules) {
        CAPSULES = capsules;
    }

    // Attesting

    /// @inheritdoc IBenchmarkAttestations
    function attest(AttestationRequest calldata request) external returns (bytes32 uid) {
        AttestationRequestData calldata data = request.data;
        _checkRequest(request.schema, data.value);
        if (data.expirationTime != 0 && data.expirationTime <= block.timestamp)
            revert AttestationExpirationPast(data.expirationTime);
        if (data.refUID != 0) _checkExists(data.refUID);

        Attestation memory attestation = Attestation({
            uid: 0,
            schema: SCHEMA_UID,
            time: uint64(block.timestamp),
            expirationTime: data.expirationTime,
            revocationTime: 0,
            refUID: data.refUID,
            recipient: data.recipient,
            attester: msg.sender,
            revocable: data.revocable,
            data: data.data
        });
        uid = _uidOf(attestation);
        attestation.uid = uid;
        (uint64 capsuleId, uint32 version, bytes32 datasetHash) = _checkBenchmark(data.data);
        if (isAttestationValid(uid)) revert AttestationExists(uid);

        _records[uid].blob = SSTORE2.write(abi.encode(attestation));

        emit Attested(data.recipient, msg.sender, uid, SCHEMA_UID);
        emit BenchmarkAttested(capsuleId, version, datasetHash, attestation);
    }

    function _checkRequest(bytes32 schema, uint256 value) private pure {
        if (schema != SCHEMA_UID) revert SchemaNonexistent(schema);
        if (value != 0) revert AttestationValueNotZero(value);
    }

    function _checkExists(bytes32 uid) private view {
        if (!isAttestationValid(uid)) revert AttestationNonexistent(uid);
    }

    /// @dev The rule of EAS. It counts equal attestations of a block in the last field; here the second one reverts.
    function _uidOf(Attestation memory attestation) private pure returns (bytes32) {
        return
            keccak256(
                abi.encodePacked(
                    attestation.schema,
                    attestation.recipient,
                    attestation.attester,
                    attestation.time,
                    attestation.expirationTime,
                    attestation.revocable,
                    attestation.refUID,
                    attestation.data,
                    uint32(0)
                )
            );
    }

    function _checkBenchmark(
        bytes calldata data
    ) private view returns (uint64 capsuleId, uint32 version, bytes32 datasetHash) {
        string memory metric;
        uint8 decimals;
        (capsuleId, version, datasetHash, metric, , decimals) = abi.decode(
            data,
            (uint64, uint32, bytes32, string, uint256, uint8)
        );
        CAPSULES.versionOf(capsuleId, version);
        if (datasetHash == 0) revert DatasetHashZero();
        uint256 length = bytes(metric).length;
        if (length == 0 || length > MAX_METRIC_BYTES) revert MetricLengthOutOfRange(length, MAX_METRIC_BYTES);
        if (decimals > MAX_DECIMALS) revert ScoreDecimalsTooMany(decimals, MAX_DECIMALS);
    }

    /// @inheritdoc IBenchmarkAttestations
    function revoke(RevocationRequest calldata request) external {
        bytes32 uid = request.data.uid;
        _checkRequest(request.schema, request.data.value);
        _checkExists(uid);
        Attestation memory attestation = getAttestation(uid);
        if (attestation.attester != msg.sender) revert CallerNotAttester(uid, msg.sender);
        if (!attestation.revocable) revert AttestationIrrevocable(uid);
        if (attestation.revocationTime != 0) revert AttestationRevoked(uid);

        _records[uid].revocationTime = uint64(block.timestamp);

        emit Revoked(attestation.recipient, msg.sender, uid, SCHEMA_UID);
    }

    // Reading

    /// @inheritdoc IBenchmarkAttestations
    function getAttestation(bytes32 uid) public view returns (Attestation memory attestation) {
        Record memory record = _records[uid];
        if (record.blob == address(0)) return attestation;
        attestation = abi.decode(SSTORE2.read(record.blob), (Attestation));
        attestation.revocationTime = record.revocationTime;
    }

    /// @inheritdoc IBenchmarkAttestations
    function isAttestationValid(bytes32 uid) public view returns (bool) {
        return _records[uid].blob != address(0);
    }

    /// @inheritdoc IBenchmarkAttestations
    function isBenchmarkValid(bytes32 uid) external view returns (bool) {
        Attestation memory attestation = getAttestation(uid);
        uint64 end = attestation.expirationTime;
        return attestation.uid != 0 && attestation.revocationTime == 0 && (end == 0 || end > block.timestamp);
    }

    /// @inheritdoc IBenchmarkAttestations
    function getSchemaRegistry() external view returns (address) {
        return address(this);
    }

    /// @inheritdoc IBenchmarkAttestations
    function getSchema(bytes32 uid) external pure returns (SchemaRecord memory record) {
        if (uid == SCHEMA_UID) record = SchemaRecord(uid, address(0), true, SCHEMA);
    }
}
