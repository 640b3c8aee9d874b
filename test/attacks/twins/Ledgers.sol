// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";

import {IGuardian} from "../../../contracts/governance/IGuardian.sol";
import {IUsageLedger} from "../../../contracts/metering/IUsageLedger.sol";
import {IUsageRangeVerifier} from "../../../contracts/metering/IUsageRangeVerifier.sol";

/// @notice Closes a license by anyone's proof of a bound, without its holder's consent.
contract ConsentlessLedger {
    IUsageRangeVerifier private immutable VERIFIER;
    mapping(uint256 licenseId => uint256) public usageOf;
    mapping(uint256 licenseId => uint256) public prepaidOf;
    mapping(uint256 licenseId => uint256) public refundOf;

    error ProofWrong();

    constructor(IUsageRangeVerifier verifier) {
        VERIFIER = verifier;
    }

    function open(uint256 licenseId, uint256 prepaid, uint256 usage) external {
        (prepaidOf[licenseId], usageOf[licenseId]) = (prepaid, usage);
    }

    function closeWithin(
        uint256 licenseId,
        uint256 maxUnits,
        IUsageLedger.Groth16Proof calldata proof
    ) external {
        uint256[4] memory signals = [usageOf[licenseId], licenseId, 0, maxUnits];
        if (!VERIFIER.verifyProof(proof.a, proof.b, proof.c, signals)) revert ProofWrong();
        refundOf[licenseId] = prepaidOf[licenseId] - maxUnits;
        delete prepaidOf[licenseId];
    }
}

/// @notice Closes a license by its holder's consent, which signs neither term nor changes of signer.
contract LastingConsentLedger {
    uint256 public constant PREPAID = 1_000;

    mapping(uint256 licenseId => address) public holderOf;
    mapping(uint256 licenseId => uint256) public expiryOf;
    mapping(uint256 licenseId => uint256) public refundOf;

    error ConsentWrong();

    function renew(uint256 licenseId) external {
        (holderOf[licenseId], expiryOf[licenseId]) = (msg.sender, block.timestamp + 365 days);
    }

    function transfer(uint256 licenseId, address to) external {
        holderOf[licenseId] = to;
    }

    function closeWithin(uint256 licenseId, uint256 maxUnits, bytes calldata consent) external {
        bytes32 digest = MessageHashUtils.toEthSignedMessageHash(keccak256(abi.encode(licenseId, maxUnits)));
        if (ECDSA.recover(digest, consent) != holderOf[licenseId]) revert ConsentWrong();
        refundOf[licenseId] = PREPAID - maxUnits;
    }
}

/// @notice Counts each voucher's units once, identified by its signature.
contract SignatureLedger {
    mapping(bytes32 signature => bool) public seen;
    mapping(uint256 licenseId => uint256) public used;

    error VoucherSeen();

    function settle(
        uint256 licenseId,
        uint256 units,
        address signer,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        bytes32 signature = keccak256(abi.encode(v, r, s));
        if (seen[signature]) revert VoucherSeen();
        bytes32 digest = keccak256(abi.encode(licenseId, units));
        if (ecrecover(digest, v, r, s) != signer) revert();

        seen[signature] = true;
        used[licenseId] += units;
    }
}

/// @notice Counts cumulative vouchers, but their digest binds neither chain nor contract.
contract DomainlessLedger {
    mapping(uint256 licenseId => uint256) public used;

    function settle(uint256 licenseId, uint256 units, address signer, bytes calldata signature) external {
        bytes32 digest = MessageHashUtils.toEthSignedMessageHash(keccak256(abi.encode(licenseId, units)));
        if (ECDSA.recover(digest, signature) != signer) revert();
        if (units > used[licenseId]) used[licenseId] = units;
    }
}

/// @notice Stops while paused, but its window does not wait.
contract HurriedLedger {
    IGuardian private immutable GUARDIAN;
    uint256 private immutable WINDOW_END;
    uint256 private immutable PREPAID;
    uint256 public settled;
    uint256 public refund;

    error LedgerStopped();
    error LedgerWindowOver();
    error LedgerWindowOpen();

    constructor(IGuardian guardian, uint256 windowEnd, uint256 prepaid) {
        (GUARDIAN, WINDOW_END, PREPAID) = (guardian, windowEnd, prepaid);
    }

    function settle(uint256 units) external {
        if (GUARDIAN.isPaused()) revert LedgerStopped();
        if (block.timestamp > WINDOW_END) revert LedgerWindowOver();
        settled = units;
    }

    function close() external {
        if (block.timestamp <= WINDOW_END) revert LedgerWindowOpen();
        refund = PREPAID - settled;
    }
}

/// @notice Names a change of signer by its time, and one wrong change fails the whole list.
contract TimedLedger {
    struct Change {
        uint256 licenseId;
        uint256 changeAt;
    }

    mapping(uint256 licenseId => address) public signerOf;
    mapping(uint256 licenseId => address) public pendingOf;
    mapping(uint256 licenseId => uint256) public changeAtOf;

    error ChangeWrong();

    function setSigner(uint256 licenseId, address signer) external {
        (pendingOf[licenseId], changeAtOf[licenseId]) = (signer, block.timestamp + 3 days);
    }

    function confirmSigners(Change[] calldata changes) external {
        for (uint256 i; i < changes.length; ++i) {
            (uint256 id, uint256 changeAt) = (changes[i].licenseId, changes[i].changeAt);
            if (changeAt == 0 || changeAtOf[id] != changeAt) revert ChangeWrong();
            (signerOf[id], changeAtOf[id]) = (pendingOf[id], 0);
        }
    }
}

/// @notice Lets a change of signer take effect at once.
contract HastyLedger {
    mapping(uint256 licenseId => address) public signerOf;
    mapping(uint256 licenseId => uint256) public used;

    error VoucherSignatureWrong();

    function setSigner(uint256 licenseId, address signer) external {
        signerOf[licenseId] = signer;
    }

    function settle(uint256 licenseId, uint256 units, bytes calldata signature) external {
        bytes32 digest = MessageHashUtils.toEthSignedMessageHash(keccak256(abi.encode(licenseId, units)));
        if (ECDSA.recover(digest, signature) != signerOf[licenseId]) revert VoucherSignatureWrong();
        used[licenseId] = units;
    }
}
